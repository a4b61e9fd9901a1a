"""Vectors C and D of the money vectors in the ledger, by their numbers, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from guance_portal.core.db import Database
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import OtherContentError
from guance_portal.wallet import queries
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from guance_portal.wallet.card_rules import CardAmountError, CashShortError
from guance_portal.wallet.cash_rules import NotOnHoldError, RefundTooHighError
from guance_portal.wallet.errors import RefundDecidedError
from guance_portal.wallet.return_rules import ReturnTooHighError
from guance_portal.wallet.rules import UnpaidReason
from tests.support.wallets import SHANGHAI, Wallet, day, paid, reasons, refund, wallet


@pytest.fixture
async def mine(database: Database) -> Wallet:
    """A wallet without anything."""
    return await wallet(database)


async def test_c1_credit_then_vouchers_by_their_end(mine: Wallet) -> None:
    await mine.pay(mine.due(1, ("logs", -50_00)))
    for minor, until in ((100_00, 80), (30_00, 48), (10_00, 31)):
        await mine.grant(minor, f"grant:{minor}", until=day(until))
    assert list((await mine.spend(2, 100_00)).values()) == [50_00, 10_00, 30_00, 10_00]
    assert await mine.left() == {1: 90_00, 2: 0, 3: 0}


async def test_c2_what_ends_sooner_pays_first_also_when_it_is_younger(mine: Wallet) -> None:
    later = await mine.grant(100_00, "grant:1", until=day(365))
    sooner = await mine.grant(100_00, "grant:2", until=day(30), at=day(0) + timedelta(hours=1))
    await mine.spend(1, 60_00)
    assert await mine.left() == {sooner: 40_00, later: 100_00}


async def test_c3_ordinary_vouchers_then_bonus_vouchers_as_they_were_granted(mine: Wallet) -> None:
    for number in range(3):
        at = day(0) + timedelta(hours=number)
        await mine.grant(25_00, f"grant:{number}", kind=Kind.BONUS_VOUCHER, at=at, until=day(99))
    await mine.grant(20_00, "grant:9")
    assert list((await mine.spend(1, 80_00)).items()) == [
        ("voucher:4", 20_00),
        ("bonus_voucher:1", 25_00),
        ("bonus_voucher:2", 25_00),
        ("bonus_voucher:3", 10_00),
    ]


async def test_c4_what_was_given_pays_before_what_was_bought(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.buy(100_00)
    await mine.grant(30_00)
    assert await mine.spend(1, 80_00) == {"voucher:2": 30_00, "card:1": 50_00}


async def test_c5_more_than_is_left_cannot_be_revoked(mine: Wallet) -> None:
    number = await mine.grant(100_00)
    await mine.do(purses.revoke, mine.payer, number, minor=40_00, reference="revoke:1", at=day(1))
    with pytest.raises(ReturnTooHighError):
        await mine.do(purses.revoke, mine.payer, number, minor=70_00, reference="revoke:2", at=day(1))
    assert await mine.left() == {number: 60_00}


async def test_c6_the_past_does_not_see_what_expires_later(mine: Wallet) -> None:
    number = await mine.grant(10_00, at=day(1), until=day(10))
    await mine.spend(5, 4_00)
    await mine.do(purses.expire, mine.payer, day(10))
    assert [await mine.as_of(day(t), number) for t in (0, 1, 4, 5, 9, 10)] == [0, 10_00, 10_00, 6_00, 6_00, 0]
    assert [(await mine.entries(one))["voucher:1"] for one in await mine.references()] == [-10_00, 4_00, 6_00]


async def _c7(mine: Wallet) -> tuple[int, int]:
    first, second = await mine.grant(10_00, "grant:1", until=day(10)), await mine.grant(15_00, "grant:2", until=day(15))
    await mine.spend(2, 5_00)
    assert await mine.spend(3, 10_00) == {"voucher:1": 5_00, "voucher:2": 5_00}
    return first, second


async def test_c7_what_expires_is_what_was_not_used(mine: Wallet) -> None:
    first, second = await _c7(mine)
    assert await mine.do(purses.expire, mine.payer, day(10)) == []
    await mine.do(purses.expire, mine.payer, day(15))
    assert await mine.entries("expire:2") == {"voucher:2": 10_00, "promo_cost": -10_00}
    assert await mine.left() == {first: 0, second: 0}


async def test_c8_what_goes_back_goes_to_the_last_that_paid_first(mine: Wallet) -> None:
    await _c7(mine)
    await mine.do(bills.correct, mine.payer, "bill:w1:3", number=1, amount=7_00, at=day(4))
    assert await mine.left() == {1: 2_00, 2: 15_00}
    await mine.do(purses.expire, mine.payer, day(15))
    assert (await mine.entries("expire:1"))["voucher:1"] == 2_00
    assert (await mine.entries("expire:2"))["voucher:2"] == 15_00


async def test_c9_a_voucher_that_is_not_valid_yet_is_not_touched(mine: Wallet) -> None:
    number = await mine.grant(100_00, since=day(10))
    await mine.recharge(50_00)
    assert await mine.spend(1, 50_00) == {"cash": 50_00}
    assert await mine.left() == {number: 100_00}


async def test_c10_a_voucher_whose_items_others_have_paid_says_so(mine: Wallet) -> None:
    await mine.grant(10_00, "grant:1", until=day(31), items=frozenset({"S", "E"}))
    await mine.grant(5_00, "grant:2", until=day(300), items=frozenset({"E"}))
    (outcome,) = await mine.pay(mine.due(1, ("E", 8_00), ("S", 4_00)))
    assert paid(outcome) == {"voucher:1": 10_00, "receivable": 2_00}
    assert reasons(outcome) == {2: UnpaidReason.ORDER}


async def test_c11_sooner_before_narrower_before_smaller(mine: Wallet) -> None:
    await mine.grant(30_00, "grant:1", until=day(212), items=frozenset({"logs"}))
    await mine.grant(20_00, "grant:2", until=day(212), items=frozenset({"logs"}))
    await mine.grant(50_00, "grant:3", until=day(181))
    assert await mine.spend(1, 60_00) == {"voucher:3": 50_00, "voucher:2": 10_00}


async def test_c12_a_voucher_pays_the_bill_of_its_last_day_though_that_is_made_later(mine: Wallet) -> None:
    number = await mine.grant(50_00, until=day(10))
    assert await mine.spend(10, 20_00) == {"voucher:1": 20_00}
    await mine.do(purses.expire, mine.payer, day(10))
    assert (await mine.entries("expire:1"))["voucher:1"] == 30_00
    assert await mine.as_of(day(10), number) == 0


async def test_c13_a_bill_that_a_cloud_collects_ends_at_the_cloud(mine: Wallet) -> None:
    await mine.recharge(200_00)
    await mine.buy(100_00)
    await mine.grant(30_00)
    (outcome,) = await mine.pay(mine.due(1, ("logs", 167_00), listing="aws"))
    assert paid(outcome) == {"voucher:2": 30_00, "card:1": 100_00, "cloud_receivable:aws": 37_00}


async def test_c14_sms_and_dial_tests_take_no_voucher(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.grant(12_00)
    (outcome,) = await mine.pay(mine.due(1, ("logs", 10_00), ("sms", 3_00), ("dial_tests", 2_00)))
    assert paid(outcome) == {"voucher:1": 10_00, "cash": 5_00}
    assert outcome.plan
    assert outcome.plan.payments[0].kept_for is UnpaidReason.ITEM_EXCLUDED
    assert await mine.left() == {1: 2_00}


async def test_d1_d2_a_recharge_pays_debt_first(mine: Wallet) -> None:
    await mine.spend(1, 50_00)
    await mine.recharge(20_00, "1")
    assert await mine.held() == {"alipay": 20_00, "receivable": 30_00, "revenue": -50_00}
    await mine.recharge(100_00, "2")
    assert await mine.held() == {"alipay": 120_00, "cash": -70_00, "revenue": -50_00}


@pytest.mark.parametrize(
    ("price", "brings"), [(10_000_00, 1_000_00), (29_900_00, 1_000_00), (100_000_00, 20_000_00), (9_900_00, 0)]
)
async def test_d3_a_card_brings_the_bonus_of_the_highest_step(mine: Wallet, price: int, brings: int) -> None:
    await mine.recharge(price)
    await mine.buy(price)
    assert await mine.left() == ({1: price, 2: brings} if brings else {1: price})


@pytest.mark.parametrize("price", [150_00, 0])
async def test_d3_a_card_of_another_amount_is_refused(mine: Wallet, price: int) -> None:
    await mine.recharge(1_000_00)
    with pytest.raises(CardAmountError):
        await mine.buy(price)
    assert await mine.references() == ["pay:alipay:1"]


async def test_d4_the_debt_is_paid_first_and_then_the_card_is_refused(mine: Wallet) -> None:
    await mine.spend(1, 500_00)
    await mine.recharge(1_000_00)
    with pytest.raises(CashShortError):
        await mine.buy(600_00)
    assert (await mine.held())["cash"] == -500_00


async def test_d5_of_a_recharge_no_more_is_paid_back_than_is_left(mine: Wallet) -> None:
    await mine.recharge(100_00)
    await mine.spend(1, 30_00)
    with pytest.raises(RefundTooHighError):
        await mine.do(refunds.ask, refund(mine), 80_00, day(2))
    await mine.do(refunds.ask, refund(mine), 70_00, day(2))
    assert (await mine.held())["hold"] == -70_00


async def test_d6_a_recharge_is_undone_by_a_reversal_and_once(mine: Wallet) -> None:
    await mine.recharge(1_00)
    for _ in range(2):
        await mine.do(receipts.take_back, mine.payer, Kind.ALIPAY, "1", day(1))
        await mine.recharge(1_00)
    assert await mine.held() == {}


async def test_d7_a_card_without_its_bonus_is_never_seen(mine: Wallet) -> None:
    await mine.recharge(10_000_00)
    async with mine.database.writing() as work:
        order = purses.CardOrder(order="1", minor=10_000_00, at=day(1), zone=SHANGHAI)
        await purses.buy_card(work, mine.payer, order)
    assert await mine.held() == {"alipay": 10_000_00, "cash": -10_000_00}
    assert await mine.left() == {}


async def test_d8_one_notice_five_times_is_one_entry_and_another_amount_is_refused(mine: Wallet) -> None:
    await mine.recharge(100_00, "T1")
    await asyncio.gather(*(mine.recharge(100_00, "T1") for _ in range(4)))
    with pytest.raises(OtherContentError):
        await mine.recharge(99_00, "T1")
    assert await mine.references() == ["pay:alipay:T1"]


async def test_d9_what_is_held_is_settled_once_and_the_rest_is_free(mine: Wallet) -> None:
    await mine.recharge(2_00)
    await mine.do(refunds.ask, refund(mine), 1_23, day(1))
    with pytest.raises(NotOnHoldError):
        await mine.do(refunds.done, refund(mine), 1_24, day(2))
    await mine.do(refunds.done, refund(mine), 1_00, day(2))
    assert await mine.entries("refund:alipay:1:1:done") == {"hold": 1_23, "alipay": -1_00, "cash": -23}
    with pytest.raises(OtherContentError):
        await mine.do(refunds.done, refund(mine), 23, day(3))
    with pytest.raises(RefundDecidedError):
        await mine.do(refunds.refuse, refund(mine), day(3))


async def test_d10_no_more_is_held_than_is_free(mine: Wallet) -> None:
    await mine.recharge(100)
    await mine.spend(1, 70)
    with pytest.raises(RefundTooHighError):
        await mine.do(refunds.ask, refund(mine), 50, day(2))
    await mine.do(refunds.ask, refund(mine), 30, day(2))
    async with mine.database.reading() as work:
        assert [row.returned for row in await queries.recharges(work, mine.payer)] == [30]
