"""取消订单: it waits no more, and money that was paid in time is taken all the same."""

from __future__ import annotations

import pytest

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.paging import Paging
from guance_portal.payments.errors import OrderOverError, OrderUnknownError
from guance_portal.payments.tables import OrderState
from guance_portal.payments.views import RecordState
from tests.support.cashiers import Scene
from tests.support.wallets import Wallet, wallet


async def test_a_cancelled_order_waits_no_more_and_says_so(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    version = (await scene.service.order(scene.actor, order.number)).version
    cancelled = await scene.orders.cancel(scene.actor, order.number)
    assert cancelled.is_cancelled
    assert (await scene.service.standing(scene.actor)).pending == ()
    seen = await scene.service.order(scene.actor, order.number)
    assert (seen.left, seen.order.is_cancelled) == (0, True)
    assert seen.version != version
    records = await scene.service.records(scene.actor, Paging(1, 5))
    assert [one.state for one in records.rows] == [RecordState.CANCELLED]
    assert await mine.held() == {}


async def test_what_was_paid_in_time_is_credited_though_it_was_cancelled(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    await scene.orders.cancel(scene.actor, order.number)
    await scene.pay(order.number)
    assert (await scene.orders.look(scene.actor, order.number)).state is OrderState.PAID
    assert (await mine.held())["cash"] == -order.minor


async def test_only_an_open_order_of_ones_own_is_cancelled_and_once(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    stranger = Actor(realm=Realm.FEE_CENTER, subject_id="fee_other", session_id="s9")
    other = await wallet(mine.database, "other")
    assert other.payer
    with pytest.raises(OrderUnknownError):
        await scene.orders.cancel(stranger, order.number)
    await scene.orders.cancel(scene.actor, order.number)
    with pytest.raises(OrderOverError):
        await scene.orders.cancel(scene.actor, order.number)
    with pytest.raises(OrderUnknownError):
        await scene.orders.cancel(scene.actor, "Rnone")


async def test_an_order_that_has_expired_cannot_be_cancelled(scene: Scene) -> None:
    order = await scene.open()
    scene.clock.move(minutes=15)
    with pytest.raises(OrderOverError):
        await scene.orders.cancel(scene.actor, order.number)
