"""What providers are answered over HTTP, and that nothing is offered that is not set up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import Router

from guance_portal import bootstrap, routes
from guance_portal.api import payment_notices
from guance_portal.api.limits import body_limit
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from guance_portal.ledger.chart import Kind
from guance_portal.payments.ways import SetWays
from tests.support import cashiers
from tests.support.cashiers import API_KEY, APPS, KEY_ID, SELLERS, Scene
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.wallets import Wallet, wallet

PATHS = {Kind.ALIPAY: routes.ALIPAY_NOTICES, Kind.WECHAT: routes.WECHAT_NOTICES}


def bare(pem: str) -> str:
    """A key as its provider shows it."""
    return "".join(pem.splitlines()[1:-1])


SET = {
    "alipay_app_id": APPS[Kind.ALIPAY],
    "alipay_seller_id": SELLERS[Kind.ALIPAY],
    "alipay_private_key": bare(cashiers.private("shop")),
    "alipay_public_key": bare(cashiers.public("alipay")),
    "wechat_app_id": APPS[Kind.WECHAT],
    "wechat_mch_id": SELLERS[Kind.WECHAT],
    "wechat_private_key": bare(cashiers.private("shop")),
    "wechat_cert_serial": "444F4864",
    "wechat_api_key": API_KEY,
    "wechat_public_key": bare(cashiers.public("wechat")),
    "wechat_public_key_id": KEY_ID,
}


@pytest.fixture
def portal_settings(database_url: str, tmp_path: Path) -> Settings:
    """A portal that both ways are set up for."""
    known = {"data_dir": tmp_path, "database_url": database_url, "secret_key": "k" * 40}
    return Settings.model_validate(known | {"sandbox": False, "public_url": "https://portal.example"} | SET)


@pytest.fixture
async def outside() -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who sends notices."""
    transport = httpx.ASGITransport(app=Router(payment_notices.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.example") as client:
        yield client


@pytest.fixture(params=[Kind.ALIPAY, Kind.WECHAT])
def scene(request: pytest.FixtureRequest, services: Services, clock: MovableClock) -> Scene:
    """Where the company recharges."""
    return Scene(services.database, clock, request.param)


async def test_a_notice_is_credited_and_answered_as_taken_each_time(
    scene: Scene, services: Services, outside: httpx.AsyncClient
) -> None:
    mine = await wallet(services.database)
    order = await scene.open()
    sent = scene.sign(scene.payment(order.number))
    answers = [await outside.post(PATHS[scene.way], headers=sent.headers, content=sent.body) for _ in range(2)]
    wanted = (200, "success") if scene.way is Kind.ALIPAY else (204, "")
    assert [(one.status_code, one.text) for one in answers] == [wanted] * 2
    assert (await mine.held())["cash"] == -100_00


async def test_a_forged_notice_is_refused(scene: Scene, services: Services, outside: httpx.AsyncClient) -> None:
    mine = await wallet(services.database)
    forged = scene.sign(scene.payment((await scene.open()).number)).forged
    answer = await outside.post(PATHS[scene.way], headers=forged.headers, content=forged.body)
    assert (answer.status_code, answer.text) == (200, "fail") if scene.way is Kind.ALIPAY else answer.status_code == 401
    assert await mine.held() == {}


async def test_money_that_waits_for_a_person_is_answered_as_taken(
    scene: Scene, services: Services, outside: httpx.AsyncClient
) -> None:
    await wallet(services.database)
    sent = scene.sign(scene.payment((await scene.open()).number, 5_00))
    answer = await outside.post(PATHS[scene.way], headers=sent.headers, content=sent.body)
    assert answer.status_code in {200, 204}
    assert (await Wallet(services.database, 0).held())["suspense"] == -5_00


@pytest.mark.parametrize("path", PATHS.values())
def test_notices_are_short(path: str) -> None:
    assert body_limit(path) == payment_notices.LONGEST


async def test_what_is_not_set_up_is_not_there(
    database_url: str, tmp_path: Path, clock: MovableClock, outside: httpx.AsyncClient
) -> None:
    known = {"data_dir": tmp_path, "database_url": database_url, "secret_key": "k" * 40, "sandbox": False}
    unset = bootstrap.build(Settings.model_validate(known), clock=clock, hashes=quick_hashes())
    bootstrap.replace_services(unset)
    try:
        answers = [await outside.post(path, content=b"a=1") for path in PATHS.values()]
    finally:
        bootstrap.replace_services(None)
        await unset.close()
    assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize("name", SET)
async def test_a_way_that_lacks_a_setting_is_not_offered(name: str) -> None:
    ways = SetWays(Settings.model_validate({"sandbox": False, "secret_key": "k" * 40} | SET | {name: ""}))
    assert await ways.offered() == ((Kind.WECHAT,) if name.startswith("alipay") else (Kind.ALIPAY,))


@pytest.mark.parametrize("name", ["alipay_public_key", "wechat_private_key", "wechat_api_key"])
async def test_a_way_whose_key_is_none_is_not_offered(name: str) -> None:
    ways = SetWays(Settings.model_validate({"sandbox": False, "secret_key": "k" * 40} | SET | {name: "AAAA"}))
    assert len(await ways.offered()) == 1
