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
from tests.support.cashiers import Answering, Desk
from tests.support.wallets import Wallet, wallet


def provider(desk: Desk) -> Answering:
    """What the desk's provider was asked."""
    return desk.ways.alipay if desk.way is Kind.ALIPAY else desk.ways.wechat


async def state(desk: Desk, number: str) -> OrderState:
    """Where an order stands."""
    return (await desk.orders.look(desk.actor, number)).state


async def numbers(database: Database) -> list[str]:
    """All orders."""
    async with database.reading() as work:
        return list((await work.session.exec(select(PaymentOrder.number))).all())


async def test_a_form_that_is_sent_ten_times_at_once_makes_one_order(desk: Desk, database: Database) -> None:
    orders = await asyncio.gather(*(desk.open(key="k1") for _ in range(10)))
    assert {one.number for one in orders} == set(await numbers(database))
    assert len(await numbers(database)) == 1


async def test_a_form_that_is_sent_again_with_another_amount_is_refused(desk: Desk, database: Database) -> None:
    await desk.open(key="k1")
    with pytest.raises(OrderChangedError):
        await desk.open("101", key="k1")
    assert len(await numbers(database)) == 1


async def test_what_is_refused_calls_nobody_and_writes_nothing(desk: Desk, database: Database) -> None:
    with pytest.raises(AmountHighError):
        await desk.open("50000.01")
    assert (provider(desk).began, await numbers(database)) == ([], [])


async def test_an_order_is_there_though_its_provider_is_silent(desk: Desk, database: Database) -> None:
    provider(desk).is_silent = True
    order = await desk.open()
    assert (order.pay_at, order.state, await numbers(database)) == ("", OrderState.OPEN, [order.number])


async def test_the_same_form_calls_the_provider_again_where_it_was_silent(desk: Desk) -> None:
    provider(desk).is_silent = True
    order = await desk.open(key="k1")
    provider(desk).is_silent = False
    assert (await desk.open(key="k1")).pay_at == f"pay:{order.number}"
    assert (await desk.orders.look(desk.actor, order.number)).pay_at == f"pay:{order.number}"


async def test_only_the_fee_centre_recharges(desk: Desk) -> None:
    with pytest.raises(NotAllowedError):
        await desk.orders.open(
            Actor(realm=Realm.CONSOLE, subject_id="u1", session_id="s1"), Wanted(key="k", way=desk.way, amount="1")
        )


async def test_an_account_in_dollars_pays_by_transfer_alone(desk: Desk, database: Database) -> None:
    await wallet(database, "abroad", Currency.USD)
    abroad = Desk(database, desk.clock, desk.way, account="fee_abroad")
    with pytest.raises(WayNotOfferedError):
        await abroad.open()


async def test_an_order_of_another_company_is_unknown(desk: Desk, database: Database) -> None:
    await wallet(database, "other")
    order = await desk.open()
    with pytest.raises(OrderUnknownError):
        await desk.orders.look(Actor(realm=Realm.FEE_CENTER, subject_id="fee_other", session_id="s2"), order.number)


async def test_a_session_of_one_workspace_sees_what_it_ordered_alone(desk: Desk) -> None:
    order = await desk.open()
    limited = Actor(realm=Realm.FEE_CENTER, subject_id=desk.account, session_id="s2", workspace_id="w1")
    own = await desk.orders.open(limited, Wanted(key="k2", way=desk.way, amount="5"))
    assert (await desk.orders.look(limited, own.number)).minor == 5_00
    with pytest.raises(OrderUnknownError):
        await desk.orders.look(limited, order.number)


async def test_a_lost_notice_is_asked_for(desk: Desk, mine: Wallet) -> None:
    order = await desk.open()
    desk.answer(order.number)
    assert await desk.recharges.ask_due() == 0
    desk.clock.move(seconds=31)
    assert await desk.recharges.ask_due() == 1
    assert (await mine.held())["cash"] == -100_00
    assert await state(desk, order.number) is OrderState.PAID
    desk.clock.move(days=1)
    assert await desk.recharges.ask_due() == 0


async def test_a_silent_provider_is_asked_less_and_less_often_and_never_given_up(desk: Desk, mine: Wallet) -> None:
    order = await desk.open()
    payment = desk.clock.now()
    provider(desk).is_silent = True
    for _ in range(120):
        desk.clock.move(minutes=1)
        await desk.recharges.ask_due()
    assert 6 <= len(provider(desk).asked) <= 9
    provider(desk).is_silent = False
    desk.answer(order.number, paid_at=payment)
    desk.clock.move(hours=1)
    await desk.recharges.ask_due()
    assert (await mine.held())["cash"] == -100_00


async def test_an_order_that_nobody_paid_is_given_up_and_still_takes_a_late_notice_in(desk: Desk, mine: Wallet) -> None:
    order = await desk.open()
    payment = desk.payment(order.number)
    for _ in range(20):
        desk.clock.move(minutes=1)
        await desk.recharges.ask_due()
    desk.clock.move(hours=1)
    await desk.recharges.ask_due()
    assert await state(desk, order.number) is OrderState.EXPIRED
    assert await desk.take(desk.sign(payment)) is Outcome.CREDITED
    assert (await mine.held())["cash"] == -100_00


async def test_a_late_payment_that_is_asked_for_is_set_aside_and_asked_for_no_more(
    desk: Desk, mine: Wallet, database: Database
) -> None:
    order = await desk.open()
    desk.clock.move(minutes=16)
    desk.answer(order.number)
    desk.clock.move(hours=2)
    await desk.recharges.ask_due()
    assert await mine.held() == {}
    assert (await Wallet(database, 0).held())["suspense"] == -100_00
    assert await state(desk, order.number) is OrderState.EXPIRED


async def test_an_answer_about_another_order_moves_nothing(desk: Desk, mine: Wallet) -> None:
    order, other = await desk.open(), await desk.open()
    desk.answer(other.number)
    provider(desk).answers[order.number] = provider(desk).answers[other.number]
    assert await desk.recharges.ask(order.number) is Outcome.NOT_PAID
    assert await mine.held() == {}


async def test_several_workers_ask_once_for_an_order(desk: Desk) -> None:
    for _ in range(5):
        await desk.open()
    desk.clock.move(seconds=31)
    asked = await asyncio.gather(*(desk.recharges.ask_due() for _ in range(4)))
    assert sum(asked) == 5
    assert len(set(provider(desk).asked)) == len(provider(desk).asked) == 5
