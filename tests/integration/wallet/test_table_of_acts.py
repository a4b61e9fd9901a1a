"""Every act of the table of acts with its entries, on both databases, and its repeat, which moves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guance_portal.core.db import Database
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import BooksStoppedError, OtherContentError
from guance_portal.ledger.rules import HOUSE
from guance_portal.ledger.tables import LedgerHead
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from guance_portal.wallet.cash_rules import NotOnHoldError, RefundTooHighError
from guance_portal.wallet.errors import (
    BillUnknownError,
    CodeUnknownError,
    CodeUsedError,
    OtherCurrencyError,
    PurseUnknownError,
    ReceiptTakenError,
    RefundDecidedError,
    RefundOpenError,
    VoucherCodeExpiredError,
)
from guance_portal.wallet.return_rules import ReturnTooHighError
from guance_portal.wallet.rules import UnpaidReason
from tests.support.wallets import TRANSFER, Wallet, day, paid, reasons, refund, wallet


@pytest.fixture
async def mine(database: Database) -> Wallet:
    """A wallet without anything."""
    return await wallet(database)


async def _in_debt(mine: Wallet, minor: int) -> None:
    assert await mine.spend(1, minor, "bill:debt") == {"receivable": minor}


async def test_recharge(mine: Wallet) -> None:
    await _in_debt(mine, 30_00)
    for _ in range(2):
        await mine.recharge(100_00, "T1")
    assert await mine.entries("pay:alipay:T1") == {"alipay": 100_00, "receivable": -30_00, "cash": -70_00}
    assert await mine.held() == {"alipay": 100_00, "cash": -70_00, "revenue": -30_00}


async def test_a_recharge_of_another_amount_or_payer_is_refused(mine: Wallet, database: Database) -> None:
    await mine.recharge(100_00, "T1")
    other = await wallet(database, "other")
    with pytest.raises(OtherContentError):
        await mine.recharge(100_01, "T1")
    with pytest.raises(ReceiptTakenError):
        await other.recharge(100_00, "T1")
    assert await other.held() == {}


async def test_a_recharge_in_another_currency_is_refused(mine: Wallet) -> None:
    mine.currency = Currency.USD
    with pytest.raises(OtherCurrencyError):
        await mine.recharge(100_00)


async def test_reversal_of_a_spent_recharge(mine: Wallet) -> None:
    await mine.recharge(100_00, "T1")
    await mine.spend(1, 60_00)
    for _ in range(2):
        await mine.do(receipts.take_back, mine.payer, Kind.ALIPAY, "T1", day(2))
    assert await mine.entries("reverse:alipay:T1") == {"alipay": -100_00, "cash": 40_00, "receivable": 60_00}
    assert await mine.held() == {"receivable": 60_00, "revenue": -60_00}


async def test_transfer_without_owner(mine: Wallet) -> None:
    for _ in range(2):
        await mine.do(receipts.suspend, TRANSFER)
    assert await mine.entries("transfer:S1", payer=HOUSE) == {"bank": 500_00, "suspense": -500_00}
    with pytest.raises(ReceiptTakenError):
        await mine.do(receipts.credit, mine.payer, TRANSFER, now=TRANSFER.at)


async def test_claim(mine: Wallet, database: Database) -> None:
    await _in_debt(mine, 30_00)
    await mine.do(receipts.suspend, TRANSFER)
    for _ in range(2):
        await mine.do(receipts.claim, mine.payer, Kind.BANK, "S1", day(2))
    assert await mine.entries("claim:S1") == {"suspense": 500_00, "receivable": -30_00, "cash": -470_00}
    other = await wallet(database, "other")
    with pytest.raises(ReceiptTakenError):
        await other.do(receipts.claim, other.payer, Kind.BANK, "S1", day(2))
    with pytest.raises(ReceiptTakenError):
        await mine.do(receipts.send_back, Kind.BANK, "S1", day(2))


async def test_a_claim_of_another_currency_is_refused(mine: Wallet, database: Database) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    dollars = await wallet(database, "dollars", Currency.USD)
    with pytest.raises(OtherCurrencyError):
        await dollars.do(receipts.claim, dollars.payer, Kind.BANK, "S1", day(2))


async def test_sent_back(mine: Wallet) -> None:
    await mine.do(receipts.suspend, TRANSFER)
    for _ in range(2):
        await mine.do(receipts.send_back, Kind.BANK, "S1", day(2))
    assert await mine.entries("back:bank:S1", payer=HOUSE) == {"suspense": 500_00, "bank": -500_00}
    with pytest.raises(ReceiptTakenError):
        await mine.do(receipts.claim, mine.payer, Kind.BANK, "S1", day(2))


async def test_voucher_granted(mine: Wallet) -> None:
    numbers = [await mine.grant(50_00), await mine.grant(50_00)]
    assert numbers == [1, 1]
    assert await mine.entries("grant:1") == {"promo_cost": 50_00, "voucher:1": -50_00}
    with pytest.raises(OtherContentError):
        await mine.grant(51_00)


async def test_voucher_when_its_code_is_activated(mine: Wallet, database: Database) -> None:
    await _in_debt(mine, 30_00)
    await mine.code(50_00)
    for _ in range(2):
        assert (await mine.do(purses.activate, mine.payer, "c0de", day(2))).number == 1
    assert await mine.entries("code:c0de") == {"promo_cost": 50_00, "voucher:1": -50_00}
    assert (await mine.held())["receivable"] == 30_00
    other = await wallet(database, "other")
    with pytest.raises(CodeUsedError):
        await other.do(purses.activate, other.payer, "c0de", day(2))


async def test_codes_that_give_nothing(mine: Wallet, database: Database) -> None:
    await mine.code(code_hash="old", until=day(2))
    for code_hash, refusal in (("other", CodeUnknownError), ("old", VoucherCodeExpiredError)):
        with pytest.raises(refusal):
            await mine.do(purses.activate, mine.payer, code_hash, day(2))
    dollars = await wallet(database, "dollars", Currency.USD)
    with pytest.raises(OtherCurrencyError):
        await dollars.do(purses.activate, dollars.payer, "old", day(1))
    assert await mine.left() == {}


async def test_voucher_revoked(mine: Wallet) -> None:
    number = await mine.grant(50_00)
    for _ in range(2):
        await mine.do(purses.revoke, mine.payer, number, minor=20_00, reference="revoke:1:1", at=day(1))
    assert await mine.entries("revoke:1:1") == {"voucher:1": 20_00, "promo_cost": -20_00}
    assert await mine.left() == {1: 30_00}


async def test_a_card_is_not_revoked(mine: Wallet) -> None:
    await mine.recharge(100_00)
    card = await mine.buy(100_00)
    with pytest.raises(PurseUnknownError):
        await mine.do(purses.revoke, mine.payer, card.number, minor=1, reference="revoke:1:1", at=day(1))


async def test_voucher_and_card_expired(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.grant(50_00, until=day(10))
    card = await mine.buy(100_00)
    assert await mine.do(purses.expire, mine.payer, day(9)) == []
    assert len(await mine.do(purses.expire, mine.payer, day(10))) == 1
    assert len(await mine.do(purses.expire, mine.payer, day(400))) == 1
    assert await mine.do(purses.expire, mine.payer, day(400)) == []
    assert await mine.entries("expire:1") == {"voucher:1": 50_00, "promo_cost": -50_00}
    assert await mine.entries(f"expire:{card.number}") == {f"card:{card.number}": 100_00, "breakage": -100_00}


async def test_card_with_bonus(mine: Wallet) -> None:
    await mine.recharge(10_000_00)
    assert [(await mine.buy(10_000_00)).number for _ in range(2)] == [1, 1]
    assert await mine.entries("card:1") == {
        "cash": 10_000_00,
        "card:1": -10_000_00,
        "promo_cost": 1_000_00,
        "bonus_voucher:2": -1_000_00,
    }
    assert await mine.left() == {1: 10_000_00, 2: 1_000_00}
    with pytest.raises(OtherContentError):
        await mine.buy(100_00)


async def test_bill(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.grant(50_00)
    for _ in range(2):
        assert await mine.spend(1, 170_00) == {"voucher:1": 50_00, "cash": 100_00, "receivable": 20_00}
    assert await mine.entries("bill:w1:1") == {
        "voucher:1": 50_00,
        "cash": 100_00,
        "receivable": 20_00,
        "revenue": -170_00,
    }
    with pytest.raises(OtherContentError):
        await mine.spend(1, 170_01)


async def test_bill_paid_by_a_cloud(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.pay(mine.due(1, ("logs", 87_00), listing="aws"))
    assert await mine.entries("bill:w1:1") == {"cloud_receivable:aws": 87_00, "revenue": -87_00}


async def test_bill_of_nothing_has_a_plan_and_no_transaction(mine: Wallet) -> None:
    for _ in range(2):
        (outcome,) = await mine.pay(mine.due(1, ("logs", 0)))
        assert outcome.plan
        assert outcome.posted is None
    assert await mine.references() == []
    with pytest.raises(OtherContentError):
        await mine.pay(mine.due(1, ("logs", 1)))


async def test_negative_bill(mine: Wallet) -> None:
    await _in_debt(mine, 30_00)
    await mine.pay(mine.due(2, ("logs", -50_00)))
    assert await mine.entries("bill:w1:2") == {"revenue": 50_00, "receivable": -30_00, "credit": -20_00}
    assert await mine.spend(3, 25_00) == {"credit": 20_00, "receivable": 5_00}


async def test_refund_asked_and_done(mine: Wallet) -> None:
    await mine.recharge(100_00)
    for _ in range(2):
        await mine.do(refunds.ask, refund(mine), 80_00, day(1))
    assert await mine.entries("refund:alipay:1:1") == {"cash": 80_00, "hold": -80_00}
    for _ in range(2):
        await mine.do(refunds.done, refund(mine), 80_00, day(2))
    assert await mine.entries("refund:alipay:1:1:done") == {"hold": 80_00, "alipay": -80_00}
    with pytest.raises(RefundDecidedError):
        await mine.do(refunds.refuse, refund(mine), day(3))
    with pytest.raises(RefundTooHighError):
        await mine.do(refunds.ask, refund(mine, number=2), 20_01, day(3))


async def test_refund_refused(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.do(refunds.ask, refund(mine), 80_00, day(1))
    for _ in range(2):
        await mine.do(refunds.refuse, refund(mine), day(2))
    assert await mine.entries("refund:alipay:1:1:refused") == {"hold": 80_00, "cash": -80_00}
    await mine.do(refunds.ask, refund(mine, number=2), 100_00, day(3))
    assert await mine.held() == {"alipay": 100_00, "hold": -100_00}


async def test_a_refund_of_no_recharge_of_theirs_is_refused(mine: Wallet, database: Database) -> None:
    await mine.recharge(100_00)
    other = await wallet(database, "other")
    with pytest.raises(ReceiptTakenError):
        await other.do(refunds.ask, refund(other), 1, day(1))
    with pytest.raises(RefundDecidedError):
        await mine.do(refunds.done, refund(mine), 1, day(1))


async def test_a_recharge_is_not_reversed_while_its_refund_waits(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.do(refunds.ask, refund(mine), 80_00, day(1))
    with pytest.raises(RefundOpenError):
        await mine.do(receipts.take_back, mine.payer, Kind.ALIPAY, "1", day(2))
    await mine.do(refunds.done, refund(mine), 80_00, day(2))
    await mine.do(receipts.take_back, mine.payer, Kind.ALIPAY, "1", day(2))
    assert await mine.held() == {}


async def test_correction(mine: Wallet) -> None:
    await mine.recharge(20_00)
    await mine.grant(50_00)
    await mine.spend(1, 90_00)
    for _ in range(2):
        await mine.do(bills.correct, mine.payer, "bill:w1:1", number=1, amount=35_00, at=day(2))
    assert await mine.entries("correct:bill:w1:1:1") == {"revenue": 35_00, "receivable": -20_00, "cash": -15_00}
    await mine.do(bills.correct, mine.payer, "bill:w1:1", number=2, amount=55_00, at=day(2))
    assert await mine.entries("correct:bill:w1:1:2") == {"revenue": 55_00, "cash": -5_00, "voucher:1": -50_00}
    with pytest.raises(ReturnTooHighError):
        await mine.do(bills.correct, mine.payer, "bill:w1:1", number=3, amount=1, at=day(2))


async def test_a_correction_of_no_bill_or_out_of_turn_is_refused(mine: Wallet) -> None:
    await mine.spend(1, 90_00)
    for reference, number in (("bill:other", 1), ("bill:w1:1", 2)):
        with pytest.raises(BillUnknownError):
            await mine.do(bills.correct, mine.payer, reference, number=number, amount=1, at=day(2))


async def test_what_was_debt_and_is_paid_comes_back_as_cash(mine: Wallet) -> None:
    await _in_debt(mine, 30_00)
    await mine.recharge(10_00)
    await mine.do(bills.correct, mine.payer, "bill:debt", number=1, amount=30_00, at=day(2))
    assert await mine.entries("correct:bill:debt:1") == {"revenue": 30_00, "receivable": -20_00, "cash": -10_00}


async def test_what_returns_to_an_expired_purse_leaves_it_in_the_same_transaction(mine: Wallet) -> None:
    await mine.grant(50_00, until=day(5))
    await mine.spend(1, 50_00)
    await mine.do(bills.correct, mine.payer, "bill:w1:1", number=1, amount=20_00, at=day(6))
    assert await mine.entries("correct:bill:w1:1:1") == {"revenue": 20_00, "promo_cost": -20_00}
    assert await mine.left() == {1: 0}


async def test_what_is_settled_more_than_is_held_moves_nothing(mine: Wallet) -> None:
    await mine.recharge(200)
    await mine.do(refunds.ask, refund(mine), 123, day(1))
    with pytest.raises(NotOnHoldError):
        await mine.do(refunds.done, refund(mine), 124, day(2))
    assert await mine.held() == {"alipay": 200, "cash": -77, "hold": -123}


async def test_a_code_of_stopped_books_is_not_used_up(mine: Wallet) -> None:
    await mine.code(50_00)
    async with mine.database.writing() as work:
        (await work.session.get_one(LedgerHead, mine.payer)).stopped_by = "balances"
        await work.session.flush()
        with pytest.raises(BooksStoppedError):
            await purses.activate(work, mine.payer, "c0de", day(1))
        (await work.session.get_one(LedgerHead, mine.payer)).stopped_by = ""
        await work.commit()
    await mine.do(purses.activate, mine.payer, "c0de", day(1))
    assert await mine.left() == {1: 50_00}


@pytest.mark.parametrize(("way", "minor"), [(Kind.ALIPAY, 0), (Kind.ALIPAY, -1), (Kind.CASH, 5)])
def test_what_is_no_money_that_comes_in(way: Kind, minor: int) -> None:
    with pytest.raises(ValueError, match="no money that comes in"):
        receipts.IncomingMoney(way=way, trade="T1", minor=minor, currency=Currency.CNY, at=day(1))


async def test_a_card_that_is_bought_as_kept_from_clouds_pays_none_of_its_first_day_either(mine: Wallet) -> None:
    await mine.recharge(200_00)
    await mine.buy(100_00, at=day(1) - timedelta(hours=3), is_kept=True)
    own, cloud = await mine.pay(mine.due(1, ("logs", 5_00)), mine.due(1, ("logs", 7_00), workspace="w2", listing="aws"))
    assert paid(own) == {"card:1": 5_00}
    assert paid(cloud) == {"cloud_receivable:aws": 7_00}
    assert reasons(cloud) == {1: UnpaidReason.KEPT_FROM_CLOUDS}


async def test_one_bill_twice_in_a_batch_is_paid_once_and_two_that_differ_are_refused(mine: Wallet) -> None:
    due, other = mine.due(1, ("logs", 5_00)), mine.due(1, ("logs", 6_00))
    with pytest.raises(OtherContentError):
        await mine.pay(due, other)
    first, second = await mine.pay(due, due)
    assert first.posted == second.posted is not None
    assert await mine.references() == ["bill:w1:1"]
