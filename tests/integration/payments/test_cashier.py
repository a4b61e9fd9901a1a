"""The cashier of the sandbox in all its ways to behave, against what production verifies by."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from starlette.routing import Router

from guance_portal import bootstrap
from guance_portal.api import payment_notices
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.settings import Settings
from guance_portal.ledger.chart import Kind
from guance_portal.payments.orders import OrderView, Wanted
from guance_portal.payments.rules import Outcome
from guance_portal.payments.tables import OrderState, PaymentException, PaymentNotice
from guance_portal.payments.views import WayRefusal
from guance_portal.sandbox.cashier.posting import Post
from guance_portal.sandbox.cashier.service import Deed, OrderNotAnnouncedError
from tests.support.clocks import MovableClock
from tests.support.hashes import quick_hashes
from tests.support.wallets import Wallet, wallet

ACTOR = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s1")


@pytest.fixture(params=[Kind.ALIPAY, Kind.WECHAT])
def way(request: pytest.FixtureRequest) -> Kind:
    """A way to pay."""
    return request.param


@pytest.fixture
async def mine(services: Services) -> Wallet:
    """A wallet, and notices of the cashier that reach the portal's routes."""
    post = services.cashier._send
    assert isinstance(post, Post)
    post.transport = httpx.ASGITransport(app=Router(payment_notices.ROUTES), client=("127.0.0.1", 5000))
    return await wallet(services.database)


async def ordered(services: Services, way: Kind) -> OrderView:
    """An order of 100.00."""
    return await services.recharge_orders.open(ACTOR, Wanted(key="k1", way=way, amount="100"))


async def outcomes(services: Services) -> list[Outcome]:
    """Of the notices that were kept."""
    async with services.database.reading() as work:
        return sorted(one.outcome for one in (await work.session.exec(select(PaymentNotice))).all())


async def waiting(services: Services) -> list[Outcome]:
    """What waits for a person."""
    async with services.database.reading() as work:
        return [one.reason for one in (await work.session.exec(select(PaymentException))).all()]


@pytest.mark.parametrize(
    ("deed", "told", "cash", "aside"),
    [
        (Deed.PAY, [Outcome.CREDITED], 100_00, []),
        (Deed.FAIL, [Outcome.NOT_PAID], 0, []),
        (Deed.FORGED, [Outcome.FORGED], 0, []),
        (Deed.OTHER_SELLER, [Outcome.OTHER_SELLER], 0, []),
        (Deed.PAY_TWICE, [Outcome.CREDITED, Outcome.SECOND_PAYMENT], 100_00, [Outcome.SECOND_PAYMENT]),
        (Deed.OUT_OF_ORDER, [Outcome.CREDITED, Outcome.NOT_PAID], 100_00, []),
        (Deed.OTHER_AMOUNT, [Outcome.OTHER_AMOUNT], 0, [Outcome.OTHER_AMOUNT]),
        (Deed.PAY_SILENTLY, [], 0, []),
    ],
)
async def test_each_deed_has_its_effect(
    services: Services, mine: Wallet, way: Kind, deed: Deed, told: list[Outcome], cash: int, aside: list[Outcome]
) -> None:
    order = await ordered(services, way)
    await services.cashier.do(way, order.number, deed)
    assert await outcomes(services) == told
    assert -(await mine.held()).get("cash", 0) == cash
    assert await waiting(services) == aside


async def test_a_payment_nobody_told_of_is_found_by_the_worker(
    services: Services, mine: Wallet, way: Kind, clock: MovableClock
) -> None:
    order = await ordered(services, way)
    await services.cashier.do(way, order.number, Deed.PAY_SILENTLY)
    clock.move(days=2)
    await services.recharges.ask_due()
    assert (await services.recharge_orders.look(ACTOR, order.number)).state is OrderState.PAID
    assert (await mine.held())["cash"] == -100_00


async def test_a_notice_that_comes_days_late_and_the_worker_are_one_credit(
    services: Services, mine: Wallet, way: Kind, clock: MovableClock
) -> None:
    order = await ordered(services, way)
    await services.cashier.do(way, order.number, Deed.PAY_SILENTLY)
    clock.move(days=2)
    told = [services.cashier.tell(way, order.number) for _ in range(20)]
    await asyncio.gather(*told, services.recharges.ask_due(), services.recharges.ask(order.number))
    assert (await mine.held())["cash"] == -100_00
    assert len(await mine.references()) == 1


async def test_who_pays_after_the_expiry_by_business_time_is_late(
    services: Services, mine: Wallet, way: Kind, clock: MovableClock
) -> None:
    order = await ordered(services, way)
    services.business_clock.show(clock.now())
    clock.move(minutes=16)
    await services.cashier.do(way, order.number, Deed.PAY)
    assert await waiting(services) == [Outcome.LATE]
    assert "cash" not in await mine.held()


async def test_the_cashier_knows_only_what_was_ordered(services: Services, mine: Wallet, way: Kind) -> None:
    assert mine.payer
    with pytest.raises(OrderNotAnnouncedError):
        await services.cashier.do(way, "Rnone", Deed.PAY)


async def test_two_workers_have_the_same_keys(
    services: Services, mine: Wallet, way: Kind, portal_settings: Settings, clock: MovableClock
) -> None:
    other = bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes())
    order = await ordered(services, way)
    transport = services.cashier._send
    assert isinstance(transport, Post)
    assert isinstance(other.cashier._send, Post)
    other.cashier._send.transport = transport.transport
    await other.cashier.do(way, order.number, Deed.PAY)
    assert (await mine.held())["cash"] == -100_00


async def test_outside_the_sandbox_there_is_no_stand_in(database_url: str, tmp_path: Path, clock: MovableClock) -> None:
    known = {"data_dir": tmp_path, "database_url": database_url, "secret_key": "k" * 40, "sandbox": False}
    services = bootstrap.build(Settings.model_validate(known), clock=clock, hashes=quick_hashes())
    mine = await wallet(services.database)
    assert mine.payer
    assert {one.refusal for one in (await services.recharge_service.standing(ACTOR)).offers} == {WayRefusal.NOT_SET_UP}
    await services.close()
