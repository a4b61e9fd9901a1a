"""Orders are written before their provider is called, and asked for when nothing is told."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.amount_rules import AmountHighError
from guance_portal.payments.errors import OrderChangedError, OrderUnknownError, WayNotOfferedError
from guance_portal.payments.orders import Wanted
from guance_portal.payments.rules import Outcome
from guance_portal.payments.tables import OrderState, PaymentOrder
from tests.support.cashiers import Answering, Scene
from tests.support.wallets import Wallet, wallet


def provider(scene: Scene) -> Answering:
    """What the scene\'s provider was asked."""
    return scene.ways.alipay if scene.way is Kind.ALIPAY else scene.ways.wechat


async def state(scene: Scene, number: str) -> OrderState:
    """Where an order stands."""
    return (await scene.orders.look(scene.actor, number)).state


async def numbers(database: Database) -> list[str]:
    """All orders."""
    async with database.reading() as work:
        return list((await work.session.exec(select(PaymentOrder.number))).all())


async def test_a_form_that_is_sent_ten_times_at_once_makes_one_order(scene: Scene, database: Database) -> None:
    orders = await asyncio.gather(*(scene.open(key="k1") for _ in range(10)))
    assert {one.number for one in orders} == set(await numbers(database))
    assert len(await numbers(database)) == 1


async def test_a_form_that_is_sent_again_with_another_amount_is_refused(scene: Scene, database: Database) -> None:
    await scene.open(key="k1")
    with pytest.raises(OrderChangedError):
        await scene.open("101", key="k1")
    assert len(await numbers(database)) == 1


async def test_what_is_refused_calls_nobody_and_writes_nothing(scene: Scene, database: Database) -> None:
    with pytest.raises(AmountHighError):
        await scene.open("50000.01")
    assert (provider(scene).began, await numbers(database)) == ([], [])


async def test_an_order_is_there_though_its_provider_is_silent(scene: Scene, database: Database) -> None:
    provider(scene).is_silent = True
    order = await scene.open()
    assert (order.pay_at, order.state, await numbers(database)) == ("", OrderState.OPEN, [order.number])


async def test_the_same_form_calls_the_provider_again_where_it_was_silent(scene: Scene) -> None:
    provider(scene).is_silent = True
    order = await scene.open(key="k1")
    provider(scene).is_silent = False
    assert (await scene.open(key="k1")).pay_at == f"pay:{order.number}"
    assert (await scene.orders.look(scene.actor, order.number)).pay_at == f"pay:{order.number}"


async def test_only_the_fee_centre_recharges(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        await scene.orders.open(
            Actor(realm=Realm.CONSOLE, subject_id="u1", session_id="s1"), Wanted(key="k", way=scene.way, amount="1")
        )


async def test_an_account_in_dollars_pays_by_transfer_alone(scene: Scene, database: Database) -> None:
    await wallet(database, "abroad", Currency.USD)
    abroad = Scene(database, scene.clock, scene.way, account="fee_abroad")
    with pytest.raises(WayNotOfferedError):
        await abroad.open()


async def test_an_order_of_another_company_is_unknown(scene: Scene, database: Database) -> None:
    await wallet(database, "other")
    order = await scene.open()
    with pytest.raises(OrderUnknownError):
        await scene.orders.look(Actor(realm=Realm.FEE_CENTER, subject_id="fee_other", session_id="s2"), order.number)


async def test_a_session_of_one_workspace_sees_what_it_ordered_alone(scene: Scene) -> None:
    order = await scene.open()
    limited = Actor(realm=Realm.FEE_CENTER, subject_id=scene.account, session_id="s2", workspace_id="w1")
    own = await scene.orders.open(limited, Wanted(key="k2", way=scene.way, amount="5"))
    assert (await scene.orders.look(limited, own.number)).minor == 5_00
    with pytest.raises(OrderUnknownError):
        await scene.orders.look(limited, order.number)


async def test_a_lost_notice_is_asked_for(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    scene.answer(order.number)
    assert await scene.recharges.ask_due() == 0
    scene.clock.move(seconds=31)
    assert await scene.recharges.ask_due() == 1
    assert (await mine.held())["cash"] == -100_00
    assert await state(scene, order.number) is OrderState.PAID
    scene.clock.move(days=1)
    assert await scene.recharges.ask_due() == 0


async def test_a_silent_provider_is_asked_less_and_less_often_and_never_given_up(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    payment = scene.clock.now()
    provider(scene).is_silent = True
    for _ in range(120):
        scene.clock.move(minutes=1)
        await scene.recharges.ask_due()
    assert 6 <= len(provider(scene).asked) <= 9
    provider(scene).is_silent = False
    scene.answer(order.number, paid_at=payment)
    scene.clock.move(hours=1)
    await scene.recharges.ask_due()
    assert (await mine.held())["cash"] == -100_00


async def test_an_order_that_nobody_paid_is_given_up_and_still_takes_a_late_notice_in(
    scene: Scene, mine: Wallet
) -> None:
    order = await scene.open()
    payment = scene.payment(order.number)
    for _ in range(20):
        scene.clock.move(minutes=1)
        await scene.recharges.ask_due()
    scene.clock.move(hours=1)
    await scene.recharges.ask_due()
    assert await state(scene, order.number) is OrderState.EXPIRED
    assert await scene.take(scene.sign(payment)) is Outcome.CREDITED
    assert (await mine.held())["cash"] == -100_00


async def test_a_late_payment_that_is_asked_for_is_set_aside_and_asked_for_no_more(
    scene: Scene, mine: Wallet, database: Database
) -> None:
    order = await scene.open()
    scene.clock.move(minutes=16)
    scene.answer(order.number)
    scene.clock.move(hours=2)
    await scene.recharges.ask_due()
    assert await mine.held() == {}
    assert (await Wallet(database, 0).held())["suspense"] == -100_00
    assert await state(scene, order.number) is OrderState.EXPIRED


async def test_an_answer_about_another_order_moves_nothing(scene: Scene, mine: Wallet) -> None:
    order, other = await scene.open(), await scene.open()
    scene.answer(other.number)
    provider(scene).answers[order.number] = provider(scene).answers[other.number]
    assert await scene.recharges.ask(order.number) is Outcome.NOT_PAID
    assert await mine.held() == {}


async def test_several_workers_ask_once_for_an_order(scene: Scene) -> None:
    for _ in range(5):
        await scene.open()
    scene.clock.move(seconds=31)
    asked = await asyncio.gather(*(scene.recharges.ask_due() for _ in range(4)))
    assert sum(asked) == 5
    assert len(set(provider(scene).asked)) == len(provider(scene).asked) == 5
