"""Every wrongness of a notice has an outcome of its own; money moves once, or to suspense, or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import select

from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payments.rules import Outcome
from guance_portal.payments.tables import OrderState, PaymentException, PaymentNotice
from guance_portal.wallet.acts import receipts
from guance_portal.wallet.errors import ReceiptTakenError
from tests.support.cashiers import Scene
from tests.support.wallets import Wallet, wallet


async def house(database: Database) -> dict[str, int]:
    """What stands on the accounts of the house."""
    return await Wallet(database, 0).held()


async def waiting(database: Database) -> list[tuple[str, Outcome, bool]]:
    """What waits for a person: the number, why, and whether the money stands in suspense."""
    async with database.reading() as work:
        found = (await work.session.exec(select(PaymentException))).all()
    return sorted((one.trade, one.reason, one.is_suspended) for one in found)


async def kept(database: Database) -> list[Outcome]:
    """The outcomes of the notices that were kept."""
    async with database.reading() as work:
        return [one.outcome for one in (await work.session.exec(select(PaymentNotice))).all()]


async def stop(database: Database, payer: int, rule: str) -> None:
    """Stop the books of a payer by a rule, or let them go on."""
    async with database.writing() as work:
        head = await work.session.get(LedgerHead, payer)
        assert head
        head.stopped_by = rule
        await work.commit()


async def test_a_payment_is_credited(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    assert await scene.pay(order.number) is Outcome.CREDITED
    assert await mine.held() == {scene.way: 100_00, "cash": -100_00}
    assert (await scene.orders.look(scene.actor, order.number)).state is OrderState.PAID


async def test_the_audit_tells_amounts_as_people_read_them(scene: Scene, mine: Wallet) -> None:
    assert mine
    order = await scene.open()
    await scene.pay(order.number)
    await scene.pay(order.number, trade="T2")
    async with scene.database.reading() as work:
        entries = (await work.session.exec(select(AuditEntry).where(AuditEntry.subject_type == "recharge"))).all()
    said = {entry.act: entry.details["amount"] for entry in entries}
    assert said == dict.fromkeys(("recharge.opened", "recharge.credited", "recharge.set_aside"), "¥100.00")


async def test_d1_debt_is_paid_first_in_one_transaction(scene: Scene, mine: Wallet) -> None:
    await mine.spend(1, 30_00)
    order = await scene.open()
    assert (order.debt, order.cash) == (30_00, 70_00)
    await scene.pay(order.number)
    assert await mine.entries(f"pay:{scene.way}:T1") == {scene.way: 100_00, "receivable": -30_00, "cash": -70_00}


async def test_d2_a_part_of_the_debt_is_paid(scene: Scene, mine: Wallet) -> None:
    await mine.spend(1, 30_00)
    await scene.pay((await scene.open("20")).number, 20_00)
    assert (await mine.held())["receivable"] == 10_00
    assert "cash" not in await mine.held()


async def test_d6_what_was_settled_is_undone_by_a_reversal_alone(scene: Scene, mine: Wallet) -> None:
    order = await scene.open("1.00")
    await scene.pay(order.number, 1_00)
    assert await scene.pay(order.number, 1_00, is_paid=False) is Outcome.NOT_PAID
    assert (await mine.held())["cash"] == -1_00
    await mine.do(receipts.take_back, mine.payer, scene.way, "T1", scene.clock.now())
    assert await scene.pay(order.number, 1_00) is Outcome.REPEATED
    assert await mine.held() == {}


async def test_d8_the_same_five_times_then_another_amount(scene: Scene, mine: Wallet, database: Database) -> None:
    order = await scene.open()
    sent = scene.sign(scene.payment(order.number))
    outcomes = await asyncio.gather(*(scene.take(sent) for _ in range(4)))
    outcomes.append(await scene.take(sent))
    assert sorted(outcomes) == [Outcome.CREDITED, *[Outcome.REPEATED] * 4]
    assert await scene.pay(order.number, 101_00) is Outcome.CONTRADICTED
    assert await scene.pay(order.number, 101_00) is Outcome.CONTRADICTED
    assert await mine.held() == {scene.way: 100_00, "cash": -100_00}
    assert await house(database) == {}
    assert await waiting(database) == [("T1", Outcome.CONTRADICTED, False)]


async def test_twenty_notices_at_once_and_the_return_of_the_browser_are_one_credit(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    scene.answer(order.number)
    same = scene.sign(scene.payment(order.number))
    others = [scene.sign(scene.payment(order.number)) for _ in range(10)]
    both = [scene.take(one) for one in [same] * 10 + others] + [scene.recharges.ask(order.number) for _ in range(5)]
    outcomes = await asyncio.gather(*both)
    assert sorted(outcomes) == [Outcome.CREDITED, *[Outcome.REPEATED] * 24]
    assert await mine.held() == {scene.way: 100_00, "cash": -100_00}
    assert len(await mine.references()) == 1


async def test_paid_in_time_counts_whenever_it_is_told(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    payment = scene.payment(order.number)
    scene.clock.move(days=9)
    assert await scene.take(scene.sign(payment)) is Outcome.CREDITED
    assert (await mine.held())["cash"] == -100_00


async def test_the_last_second_counts_and_the_next_does_not(scene: Scene, mine: Wallet) -> None:
    first, second = await scene.open(), await scene.open()
    scene.clock.move(minutes=14, seconds=59)
    assert await scene.pay(first.number) is Outcome.CREDITED
    scene.clock.move(seconds=1)
    assert await scene.pay(second.number, trade="T2") is Outcome.LATE
    assert (await mine.held())["cash"] == -100_00


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"minor": 99_99}, Outcome.OTHER_AMOUNT),
        ({"minor": 100_01}, Outcome.OTHER_AMOUNT),
        ({"currency": "USD"}, Outcome.OTHER_CURRENCY),
        ({"order": "Rnone"}, Outcome.UNKNOWN_ORDER),
    ],
)
async def test_proven_money_that_fits_no_order_is_set_aside_once(
    scene: Scene, mine: Wallet, database: Database, said: dict[str, object], outcome: Outcome
) -> None:
    order = await scene.open()
    told = {"order": order.number} | said
    first = await scene.pay(**told)  # pyright: ignore[reportArgumentType]
    again = [await scene.pay(**told) for _ in range(2)]  # pyright: ignore[reportArgumentType]
    assert [first, *again] == [outcome, Outcome.REPEATED, Outcome.REPEATED]
    amount = int(str(said.get("minor", 100_00)))
    assert await house(database) == {scene.way: amount, "suspense": -amount}
    assert await mine.held() == {}
    assert await waiting(database) == [("T1", outcome, True)]


async def test_twenty_notices_of_a_wrong_amount_at_once_wait_once(scene: Scene, database: Database) -> None:
    order = await scene.open()
    outcomes = await asyncio.gather(*(scene.pay(order.number, 5_00) for _ in range(20)))
    assert set(outcomes) == {Outcome.OTHER_AMOUNT, Outcome.REPEATED}
    assert await house(database) == {scene.way: 5_00, "suspense": -5_00}
    assert await waiting(database) == [("T1", Outcome.OTHER_AMOUNT, True)]


async def test_twenty_notices_of_no_order_at_once_wait_once(scene: Scene, database: Database) -> None:
    outcomes = await asyncio.gather(*(scene.pay("Rnone", 5_00) for _ in range(20)))
    assert set(outcomes) <= {Outcome.UNKNOWN_ORDER, Outcome.REPEATED}
    assert await house(database) == {scene.way: 5_00, "suspense": -5_00}
    assert await waiting(database) == [("T1", Outcome.UNKNOWN_ORDER, True)]


async def test_an_order_that_got_a_wrong_amount_can_still_be_paid(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    await scene.pay(order.number, 5_00)
    assert await scene.pay(order.number, trade="T2") is Outcome.CREDITED
    assert (await mine.held())["cash"] == -100_00


async def test_a_second_payment_is_set_aside(scene: Scene, mine: Wallet, database: Database) -> None:
    order = await scene.open()
    outcomes = await asyncio.gather(*(scene.pay(order.number, trade=f"T{n % 2}") for n in range(10)))
    assert sorted(outcomes) == sorted([Outcome.CREDITED, Outcome.SECOND_PAYMENT, *[Outcome.REPEATED] * 8])
    assert (await mine.held())["cash"] == -100_00
    assert (await house(database))["suspense"] == -100_00
    assert len(await waiting(database)) == 1


async def test_a_late_payment_that_is_told_first_leaves_the_order_to_the_one_in_time(
    scene: Scene, mine: Wallet
) -> None:
    order = await scene.open()
    in_time = scene.payment(order.number, trade="T2")
    scene.clock.move(minutes=16)
    assert await scene.pay(order.number) is Outcome.LATE
    assert await scene.take(scene.sign(in_time)) is Outcome.CREDITED
    assert (await mine.held())["cash"] == -100_00


async def test_one_number_for_two_orders_at_once_is_money_once(scene: Scene, mine: Wallet, database: Database) -> None:
    other = Scene(scene.database, scene.clock, scene.way, account="fee_other")
    theirs = await wallet(database, "other")
    orders = [(await scene.open()).number, (await other.open()).number]
    outcomes = await asyncio.gather(*(scene.pay(one) for one in orders * 3))
    assert sorted(outcomes).count(Outcome.CREDITED) == 1
    assert sum([(await one.held()).get("cash", 0) for one in (mine, theirs)]) == -100_00
    assert await waiting(database) == [("T1", Outcome.CONTRADICTED, False)]


async def test_money_for_stopped_books_is_set_aside_and_the_order_is_taken(
    scene: Scene, mine: Wallet, database: Database
) -> None:
    order = await scene.open()
    await stop(database, mine.payer, "zero")
    assert await scene.pay(order.number) is Outcome.STOPPED
    assert await scene.pay(order.number) is Outcome.REPEATED
    assert await mine.held() == {}
    assert await house(database) == {scene.way: 100_00, "suspense": -100_00}
    await stop(database, mine.payer, "")
    assert await scene.pay(order.number, trade="T2") is Outcome.SECOND_PAYMENT
    assert (await scene.orders.look(scene.actor, order.number)).state is OrderState.HELD


@pytest.mark.parametrize(
    ("said", "outcome"),
    [({"app": "another"}, Outcome.OTHER_APP), ({"seller": "another"}, Outcome.OTHER_SELLER)],
)
async def test_money_of_others_is_kept_and_moves_nothing(
    scene: Scene, mine: Wallet, database: Database, said: dict[str, object], outcome: Outcome
) -> None:
    order = await scene.open()
    assert await scene.pay(order.number, **said) is outcome  # pyright: ignore[reportArgumentType]
    assert (await mine.held(), await house(database), await waiting(database)) == ({}, {}, [])
    assert await kept(database) == [outcome]


async def test_a_forged_notice_is_kept_once_and_moves_nothing(scene: Scene, mine: Wallet, database: Database) -> None:
    order = await scene.open()
    forged = scene.sign(scene.payment(order.number)).forged
    assert [await scene.take(forged) for _ in range(3)] == [Outcome.FORGED] * 3
    assert (await mine.held(), await house(database), await waiting(database)) == ({}, {}, [])
    assert await kept(database) == [Outcome.FORGED]


async def test_an_old_signature_is_kept_and_moves_nothing(scene: Scene, mine: Wallet, database: Database) -> None:
    order = await scene.open()
    sent = scene.sign(scene.payment(order.number))
    scene.clock.move(days=3)
    assert await scene.take(sent) is Outcome.STALE
    assert (await mine.held(), await kept(database)) == ({}, [Outcome.STALE])


async def test_a_payment_that_is_not_made_yet_moves_nothing(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    assert await scene.pay(order.number, is_paid=False) is Outcome.NOT_PAID
    assert await mine.held() == {}
    assert await scene.pay(order.number) is Outcome.CREDITED


async def test_a_notice_by_the_other_way_does_not_pay_an_order(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    other = Scene(scene.database, scene.clock, Kind.WECHAT if scene.way is Kind.ALIPAY else Kind.ALIPAY)
    assert await other.pay(order.number) is Outcome.UNKNOWN_ORDER
    assert await mine.held() == {}


async def test_what_was_set_aside_can_be_claimed_once(scene: Scene, mine: Wallet) -> None:
    order = await scene.open()
    await scene.pay(order.number, 5_00)
    await mine.do(receipts.claim, mine.payer, scene.way, "T1", scene.clock.now())
    with pytest.raises(ReceiptTakenError):
        await mine.do(receipts.send_back, scene.way, "T1", scene.clock.now())
    assert await scene.pay(order.number, 5_00) is Outcome.REPEATED
    assert (await mine.held())["cash"] == -5_00


async def test_a_notice_whose_body_was_cut_is_malformed_or_forged(scene: Scene, mine: Wallet) -> None:
    sent = scene.sign(scene.payment((await scene.open()).number))
    ends = {await scene.take(replace(sent, body=sent.body[:length])) for length in (0, 1, 40, len(sent.body) - 1)}
    assert ends <= {Outcome.MALFORMED, Outcome.FORGED, Outcome.STALE}
    assert await mine.held() == {}
