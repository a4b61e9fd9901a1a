"""What a payer sees of recharges: before, meanwhile and afterwards; nobody sees or asks for what is another's."""

from __future__ import annotations

import pytest

from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.core.rate_limits import LIMITS
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.payments.amount_rules import AmountHighError, AmountLowError
from guance_portal.payments.errors import OrderUnknownError, WayNotOfferedError
from guance_portal.payments.orders import Wanted
from guance_portal.payments.remittance_rules import payer_of
from guance_portal.payments.rules import Outcome
from guance_portal.payments.views import RecordState, WayRefusal
from guance_portal.wallet.acts import receipts
from guance_portal.wallet.cash_rules import Split
from tests.support.cashiers import Scene
from tests.support.wallets import TRANSFER, Wallet, day, wallet

STRANGER = Actor(realm=Realm.FEE_CENTER, subject_id="fee_other", session_id="s9")


async def test_what_a_recharge_will_do_is_said_and_nothing_is_written(scene: Scene, mine: Wallet) -> None:
    await mine.recharge(10_00)
    await mine.spend(1, 40_00)
    seen = await scene.service.preview(scene.actor, scene.way, "100")
    assert (seen.parts, seen.debt, seen.cash) == (Split(30_00, 70_00), 30_00, 0)
    assert (await mine.held())["receivable"] == 30_00


async def test_what_was_said_is_what_happens(scene: Scene, mine: Wallet) -> None:
    await mine.spend(1, 30_00)
    said = await scene.service.preview(scene.actor, scene.way, "100")
    order = await scene.open()
    await scene.pay(order.number)
    seen = await scene.service.order(scene.actor, order.number)
    assert seen.became == said.parts
    assert (seen.order.trade, seen.transaction, seen.left, seen.asides) == ("T1", 2, 0, ())


async def test_an_account_that_never_paid_anything_has_nothing(scene: Scene) -> None:
    seen = await scene.service.standing(scene.actor)
    assert (seen.debt, seen.cash, seen.pending, seen.last_way, seen.stopped_by) == (0, 0, (), None, "")
    assert [(one.way, one.refusal) for one in seen.offers] == [
        (Kind.ALIPAY, None),
        (Kind.WECHAT, None),
        (Kind.BANK, None),
    ]


async def test_an_open_order_is_shown_until_it_expires(scene: Scene) -> None:
    order = await scene.open()
    assert [one.number for one in (await scene.service.standing(scene.actor)).pending] == [order.number]
    assert (await scene.service.order(scene.actor, order.number)).left == 15 * 60
    scene.clock.move(minutes=15)
    seen = await scene.service.standing(scene.actor)
    assert (seen.pending, seen.last_way) == ((), scene.way)
    assert (await scene.service.order(scene.actor, order.number)).left == 0


async def test_each_way_has_its_own_limits(scene: Scene) -> None:
    with pytest.raises(AmountHighError):
        await scene.service.preview(scene.actor, scene.way, "50000.01")
    with pytest.raises(AmountLowError):
        await scene.service.preview(scene.actor, Kind.BANK, "99.99")
    assert (await scene.service.preview(scene.actor, Kind.BANK, "50000.01")).minor == 50_000_01


async def test_an_account_in_dollars_pays_by_transfer_alone(scene: Scene, database: Database) -> None:
    await wallet(database, "usd", Currency.USD)
    actor = Actor(realm=Realm.FEE_CENTER, subject_id="fee_usd", session_id="s1")
    refused = WayRefusal.OTHER_CURRENCY
    offers = (await scene.service.standing(actor)).offers
    assert [(one.way, one.refusal) for one in offers] == [
        (Kind.ALIPAY, refused),
        (Kind.WECHAT, refused),
        (Kind.BANK, None),
    ]
    with pytest.raises(WayNotOfferedError):
        await scene.service.preview(actor, scene.way, "100")
    seen = await scene.service.transfer(actor)
    assert seen.account
    assert (seen.currency, seen.account.code) == (Currency.USD, "SAMPHKHH")


async def test_the_remittance_code_names_the_payer(scene: Scene, mine: Wallet) -> None:
    assert payer_of((await scene.service.transfer(scene.actor)).code) == mine.payer


async def test_what_came_for_an_order_and_waits_is_shown_with_it(scene: Scene) -> None:
    order = await scene.open()
    before = await scene.service.versions([order.number])
    assert before == {order.number: (await scene.service.order(scene.actor, order.number)).version}
    await scene.pay(order.number, 100_01)
    seen = await scene.service.order(scene.actor, order.number)
    assert [(one.reason, one.minor, one.is_done) for one in seen.asides] == [(Outcome.OTHER_AMOUNT, 100_01, False)]
    assert seen.became is None
    after = await scene.service.versions([order.number])
    assert after == {order.number: seen.version} != before


async def test_a_payer_asks_for_its_own_orders_alone_and_not_without_end(scene: Scene, database: Database) -> None:
    await wallet(database, "other")
    order = await scene.open()
    scene.answer(order.number)
    for act in (scene.service.ask, scene.service.order):
        with pytest.raises(OrderUnknownError):
            await act(STRANGER, order.number)
        with pytest.raises(OrderUnknownError):
            await act(scene.limited, order.number)
    assert (await scene.service.ask(scene.actor, order.number)).became == Split(0, 100_00)
    for _ in range(LIMITS["payment_asks"].amount - 1):
        await scene.service.ask(scene.actor, order.number)
    with pytest.raises(TooManyAttemptsError):
        await scene.service.ask(scene.actor, order.number)


async def test_a_session_of_one_workspace_sees_debt_and_its_own_orders_and_no_balance(
    scene: Scene, mine: Wallet
) -> None:
    await mine.recharge(500_00)
    await scene.open()
    own = await scene.orders.open(scene.limited, Wanted(key="k2", way=scene.way, amount="5"))
    seen = await scene.service.standing(scene.limited)
    assert (seen.cash, [one.number for one in seen.pending]) == (None, [own.number])
    assert (await scene.service.preview(scene.limited, scene.way, "5")).cash is None
    found = await scene.service.records(scene.limited, Paging(1, 10))
    assert ([one.order for one in found.rows], found.total) == ([own.number], 1)


async def test_records_name_every_order_and_all_money_that_came(scene: Scene, mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    await mine.do(receipts.claim, mine.payer, TRANSFER.way, TRANSFER.trade, day(2))
    paid = await scene.open("100.00")
    await scene.pay(paid.number)
    late = await scene.open("7.00")
    scene.clock.move(minutes=16)
    waits = await scene.open("8.00")
    found = await scene.service.records(scene.actor, Paging(1, 10))
    assert sorted((one.order, one.minor, one.cash, one.state) for one in found.rows) == sorted(
        [
            ("", 500_00, 500_00, RecordState.PAID),
            (paid.number, 100_00, 100_00, RecordState.PAID),
            (late.number, 7_00, 7_00, RecordState.EXPIRED),
            (waits.number, 8_00, 8_00, RecordState.OPEN),
        ]
    )
    assert found.total == 4
    assert [one.at for one in found.rows] == sorted((one.at for one in found.rows), reverse=True)
    second = await scene.service.records(scene.actor, Paging(2, 3))
    assert (second.rows, second.total) == (found.rows[3:], 4)


async def test_what_its_provider_took_back_is_named_so(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    await scene.pay(order.number)
    await mine.do(receipts.take_back, mine.payer, scene.way, "T1", scene.clock.now())
    (only,) = (await scene.service.records(scene.actor, Paging(1, 10))).rows
    assert only.state is RecordState.REVERSED


async def test_no_order_is_opened_for_stopped_books(scene: Scene, mine: Wallet) -> None:
    await mine.stop("balances")
    assert (await scene.service.standing(scene.actor)).stopped_by == "balances"
    with pytest.raises(BooksStoppedError):
        await scene.open()


async def test_nobody_of_another_realm_is_told_anything(scene: Scene) -> None:
    actor = Actor(realm=Realm.CONSOLE, subject_id=scene.account, session_id="s1")
    for asked in (
        scene.service.standing(actor),
        scene.service.preview(actor, scene.way, "1"),
        scene.service.transfer(actor),
        scene.service.order(actor, "R1"),
        scene.service.ask(actor, "R1"),
        scene.service.records(actor, Paging(1, 10)),
    ):
        with pytest.raises(NotAllowedError):
            await asked
