"""Files of bills and of 对账 over HTTP: for the browser of who may see them, under their names."""

from __future__ import annotations

import io
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from starlette.routing import Router
from starlette.types import Message, Receive, Scope, Send

from guance_portal import routes
from guance_portal.api import bill_files
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.metering.items import Item
from tests import factories
from tests.support.closes import FIRST, Billed, billed, end_day


@pytest.fixture
async def here(services: Services) -> Billed:
    here = await billed(services, recharge=100_00)
    await here.use({Item.LOGS: 10_000_000})
    await end_day(services)
    return here


@pytest.fixture
async def browser(
    here: Billed, services: Services, origin: str, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """The payer on a page of the portal; files are made in a folder of the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    signed = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    transport = httpx.ASGITransport(app=Router(bill_files.ROUTES), client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        client.cookies.set(f"{prefix}gc_fee", signed.token)
        yield client


async def test_files_of_a_bill_a_month_and_all_come_under_their_names(
    browser: httpx.AsyncClient, here: Billed, tmp_path: Path
) -> None:
    code = (await here.bill()).code
    for content in ("lines", "bills", "usage"):
        for of, named in (({}, "all"), ({"month": "2026-07"}, "2026-07"), ({"id": code}, code)):
            answer = await browser.get(routes.bill_file(content, "csv-plain", Realm.FEE_CENTER, **of))
            assert answer.status_code == 200
            assert f'filename="bills-{content}-{named}-' in answer.headers["content-disposition"]
            archive = ZipFile(io.BytesIO(answer.content))
            rows = archive.read(archive.namelist()[0]).decode().splitlines()
            assert len(rows) == 2
            assert code in rows[1] or content == "usage"
    assert not list(tmp_path.glob("portal-export-*"))


async def test_a_file_is_read_before_it_is_removed_by_every_server(
    browser: httpx.AsyncClient, services: Services, prefix: str, origin: str
) -> None:
    """A server that takes files by their paths opens them later, when ours are gone: it is handed none."""
    sent: list[dict[str, object]] = []

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        async def keep(message: Message) -> None:
            sent.append(dict(message))
            await send(message)

        await Router(bill_files.ROUTES)({**scope, "extensions": {"http.response.pathsend": {}}}, receive, keep)

    transport = httpx.ASGITransport(app=told, client=("192.0.2.7", 5000))
    async with httpx.AsyncClient(transport=transport, base_url=origin, cookies=browser.cookies) as client:
        assert (await client.get(routes.bill_file("lines", "xlsx", Realm.FEE_CENTER))).status_code == 200
    assert {one["type"] for one in sent} == {"http.response.start", "http.response.body"}


@pytest.mark.parametrize(
    "asked", ["kind=exe&content=lines", "kind=csv&content=all", "kind=csv&content=lines&month=2026-7", "kind=csv"]
)
async def test_other_files_do_not_exist(browser: httpx.AsyncClient, asked: str) -> None:
    assert (await browser.get(f"{routes.BILL_FILES}?{asked}")).status_code == 400


async def test_a_bill_that_is_not_there_and_the_realm_without_a_session(
    browser: httpx.AsyncClient, here: Billed
) -> None:
    assert (await browser.get(routes.bill_file("lines", "csv", Realm.FEE_CENTER, id="B1"))).status_code == 404
    answer = await browser.get(routes.bill_file("lines", "csv", Realm.CONSOLE, month="2026-07"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(routes.LOGIN)
    assert "month%3D2026-07" in answer.headers["location"]
    browser.cookies.clear()
    answer = await browser.get(routes.bill_file("lines", "csv", Realm.FEE_CENTER, id=(await here.bill()).code))
    assert answer.headers["location"].startswith(routes.FEE_LOGIN)


async def test_operators_alone_get_the_board(browser: httpx.AsyncClient, services: Services, prefix: str) -> None:
    asked = routes.board_file("csv", {"market": "CNY", "since": "2026-07-01", "until": "2026-07-02"})
    assert (await browser.get(asked)).headers["location"].startswith(routes.OPERATOR_LOGIN)


async def test_the_paper_comes_in_the_language_that_is_asked_for_else_in_the_browsers(
    browser: httpx.AsyncClient, services: Services
) -> None:
    early = await browser.get(routes.bill_paper("2026-07"))
    assert (early.status_code, early.headers["content-type"].split(";")[0]) == (404, "text/plain")
    await end_day(services, FIRST.replace(month=8, day=3))
    for asked, said, tag in (("", "en", "en"), ("", "zh-CN", "zh-CN"), ("en", "zh-CN", "en"), ("zh-CN", "en", "zh-CN")):
        answer = await browser.get(routes.bill_paper("2026-07", asked), headers={"accept-language": said})
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert f"M202607-yunfan-{tag}.pdf" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
    for bad in ("?month=2026-7", "?month=", "?month=2026-07&language=fr"):
        assert (await browser.get(f"{routes.BILL_PAPERS}{bad}")).status_code == 400
    browser.cookies.clear()
    answer = await browser.get(routes.bill_paper("2026-07"))
    assert answer.headers["location"].startswith(routes.FEE_LOGIN)
