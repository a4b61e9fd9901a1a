"""Acts that race: each happens once."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.core.db import Database
from guance_portal.ledger.chart import Kind
from guance_portal.wallet.acts import purses, receipts
from guance_portal.wallet.errors import CodeUsedError, ReceiptTakenError
from tests.support.wallets import TRANSFER, Wallet, day, paid, wallet


@pytest.fixture
async def mine(database: Database) -> Wallet:
    """A wallet without anything."""
    return await wallet(database)


async def test_one_notice_twenty_times_at_once_is_one_recharge(mine: Wallet) -> None:
    await asyncio.gather(*(mine.recharge(100_00) for _ in range(20)))
    assert await mine.held() == {"alipay": 100_00, "cash": -100_00}


async def test_one_code_twenty_times_at_once_is_one_voucher(mine: Wallet) -> None:
    await mine.code(50_00)
    made = await asyncio.gather(*(mine.do(purses.activate, mine.payer, "c0de", day(1)) for _ in range(20)))
    assert {one.number for one in made} == {1}
    assert await mine.left() == {1: 50_00}


async def test_one_code_of_two_payers_at_once_is_one_voucher(mine: Wallet, database: Database) -> None:
    other = await wallet(database, "other")
    await mine.code(50_00)
    both = await asyncio.gather(
        *(one.do(purses.activate, one.payer, "c0de", day(1)) for one in (mine, other)), return_exceptions=True
    )
    assert [type(one) for one in both if isinstance(one, Exception)] == [CodeUsedError]
    assert sorted([len(await mine.left()), len(await other.left())]) == [0, 1]


async def test_one_transfer_claimed_by_two_and_sent_back_at_once_moves_once(mine: Wallet, database: Database) -> None:
    other = await wallet(database, "other")
    await mine.do(receipts.suspend, TRANSFER)
    ends = await asyncio.gather(
        *(one.do(receipts.claim, one.payer, Kind.BANK, "S1", day(2)) for one in (mine, other)),
        mine.do(receipts.send_back, Kind.BANK, "S1", day(2)),
        return_exceptions=True,
    )
    assert [type(one) for one in ends if isinstance(one, Exception)] == [ReceiptTakenError] * 2


async def test_one_number_of_two_payers_at_once_is_credited_to_one(mine: Wallet, database: Database) -> None:
    other = await wallet(database, "other")
    ends = await asyncio.gather(mine.recharge(5_00), other.recharge(5_00), return_exceptions=True)
    assert [type(one) for one in ends if isinstance(one, Exception)] == [ReceiptTakenError]
    assert sorted([len(await mine.held()), len(await other.held())]) == [0, 2]


async def test_bills_that_race_for_one_voucher_never_take_more_than_is_there(mine: Wallet) -> None:
    await mine.grant(50_00)
    made = await asyncio.gather(*(mine.pay(mine.due(1, ("logs", 7_00), workspace=f"w{n}")) for n in range(10)))
    assert sum(paid(one).get("voucher:1", 0) for (one,) in made) == 50_00
    assert await mine.held() == {"promo_cost": 50_00, "receivable": 20_00, "revenue": -70_00}


async def test_bills_of_a_batch_are_paid_in_their_order(mine: Wallet, database: Database) -> None:
    other = await wallet(database, "other")
    for one in (mine, other):
        await one.grant(10_00)
    batch = [one.due(1, ("logs", 6_00), workspace=f"w{n}") for n in range(2) for one in (mine, other)]
    made = await mine.pay(*batch)
    assert [paid(one) for one in made] == [{"voucher:1": 6_00}] * 2 + [{"voucher:1": 4_00, "receivable": 2_00}] * 2
