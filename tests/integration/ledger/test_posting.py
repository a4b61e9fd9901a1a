"""Posting: entries, balances, the head of the books, repeats and refusals, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from guance_portal.core.db import Database
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.errors import OtherContentError, OverdrawnError
from guance_portal.ledger.history import balance_as_of
from guance_portal.ledger.posting import Books, open_books, post
from guance_portal.ledger.rules import HOUSE, NOTHING_BEFORE, Account, Leg, Link, chained
from guance_portal.ledger.tables import LedgerEntry, LedgerHead, LedgerTransaction
from tests.support.ledgers import NOON, account, draft, payer, posted

IN_100 = {Kind.ALIPAY: 10_000, Kind.CASH: -10_000}


async def _balances(database: Database, of: int, *kinds: Kind) -> list[int]:
    async with database.writing() as work:
        books = await Books.hold(work, {of})
        found = await books.balances(of, [account(kind) for kind in kinds])
    return [found[account(kind)] for kind in kinds]


async def _count(database: Database, table: type[LedgerTransaction | LedgerEntry]) -> int:
    async with database.reading() as work:
        return (await work.rows(select(func.count()).select_from(table)))[0][0]


async def test_a_transaction_moves_the_balances_of_its_accounts(database: Database) -> None:
    one = await payer(database)
    await posted(database, draft(one, "pay:alipay:1", IN_100))
    assert await _balances(database, one, Kind.ALIPAY, Kind.CASH, Kind.CREDIT) == [10_000, -10_000, 0]


async def test_a_thousand_transactions_are_posted_as_they_would_be_one_by_one(database: Database) -> None:
    first, second = await payer(database), await payer(database, "other")
    batch = [
        draft((first, second)[n % 2], f"pay:alipay:{n}", {Kind.ALIPAY: n + 1, Kind.CASH: -n - 1}) for n in range(1000)
    ]
    answers = await posted(database, *batch)
    assert [answer.number for answer in answers] == [n // 2 + 1 for n in range(1000)]
    assert await _balances(database, first, Kind.CASH) == [-sum(range(1, 1001, 2))]
    assert await _balances(database, second, Kind.CASH) == [-sum(range(2, 1001, 2))]


async def test_each_transaction_is_chained_to_the_one_before_it(database: Database) -> None:
    one = await payer(database)
    first, second = await posted(database, draft(one, "pay:alipay:1", IN_100), draft(one, "pay:alipay:2", IN_100))
    (third,) = await posted(database, draft(one, "pay:alipay:3", IN_100))
    before = NOTHING_BEFORE
    for answer in (first, second, third):
        before = chained(before, Link(one, answer.reference, "recharge", NOON, answer.legs))
        assert answer.hash == before
    async with database.reading() as work:
        head = await work.session.get_one(LedgerHead, one)
    assert (head.transactions, head.accounts, head.hash) == (3, 2, before)


async def test_a_repeat_gets_the_first_answer_and_moves_nothing(database: Database) -> None:
    one = await payer(database)
    (first,) = await posted(database, draft(one, "pay:alipay:1", IN_100, content="order 1"))
    (again,) = await posted(database, draft(one, "pay:alipay:1", IN_100, content="order 1", at=NOON + timedelta(1)))
    assert again == replace(first, is_repeat=True)
    assert await _balances(database, one, Kind.CASH) == [-10_000]


async def test_a_repeat_within_a_batch_is_posted_once(database: Database) -> None:
    one = await payer(database)
    twice = draft(one, "pay:alipay:1", IN_100)
    answers = await posted(database, twice, twice)
    assert [answer.number for answer in answers] == [1, 1]
    assert await _count(database, LedgerTransaction) == 1


@pytest.mark.parametrize("is_one_batch", [True, False])
async def test_a_reference_with_other_content_is_refused_and_nothing_is_written(
    database: Database, *, is_one_batch: bool
) -> None:
    one = await payer(database)
    first, other = (draft(one, "pay:alipay:1", IN_100, content=content) for content in ("order 1", "order 2"))
    if not is_one_batch:
        await posted(database, first)
    with pytest.raises(OtherContentError):
        await posted(database, *([first] if is_one_batch else []), draft(one, "pay:alipay:2", IN_100), other)
    assert await _count(database, LedgerTransaction) == (0 if is_one_batch else 1)


async def test_two_payers_may_use_one_reference(database: Database) -> None:
    first, second = await payer(database), await payer(database, "other")
    answers = await posted(database, draft(first, "bill:1", IN_100), draft(second, "bill:1", IN_100))
    assert [answer.is_repeat for answer in answers] == [False, False]


@pytest.mark.parametrize(
    "moves",
    [
        {Kind.CASH: 1, Kind.REVENUE: -1},
        {Kind.CREDIT: 1, Kind.REVENUE: -1},
        {Kind.HOLD: 1, Kind.REVENUE: -1},
        {Kind.RECEIVABLE: -1, Kind.REVENUE: 1},
        *(
            {account(kind, "1"): 1, account(Kind.REVENUE): -1}
            for kind in (Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD, Kind.PACKAGE)
        ),
    ],
    ids=lambda moves: str(next(iter(moves))),
)
async def test_what_may_not_cross_zero_does_not(database: Database, moves: dict[Kind | Account, int]) -> None:
    one = await payer(database)
    with pytest.raises(OverdrawnError):
        await posted(database, draft(one, "bill:1", moves))
    assert await _count(database, LedgerEntry) == 0


async def test_a_balance_may_not_cross_zero_within_a_batch_either(database: Database) -> None:
    one = await payer(database)
    with pytest.raises(OverdrawnError):
        await posted(
            database, draft(one, "bill:1", {Kind.CASH: 1, Kind.REVENUE: -1}), draft(one, "pay:alipay:1", IN_100)
        )


async def test_the_house_has_books_without_being_asked(database: Database) -> None:
    (first,) = await posted(database, draft(HOUSE, "transfer:1", {Kind.BANK: 500, Kind.SUSPENSE: -500}))
    (second,) = await posted(database, draft(HOUSE, "transfer:2", {Kind.BANK: 500, Kind.SUSPENSE: -500}))
    assert (first.number, second.number) == (1, 2)


async def test_currencies_are_apart(database: Database) -> None:
    dollars = [Leg(Account(Kind.BANK, Currency.USD), 7), Leg(Account(Kind.SUSPENSE, Currency.USD), -7)]
    yuan = [Leg(account(Kind.BANK), 5), Leg(account(Kind.SUSPENSE), -5)]
    await posted(database, draft(HOUSE, "transfer:1", dict(yuan + dollars)))
    assert await _balances(database, HOUSE, Kind.BANK) == [5]


async def test_an_account_is_opened_once_however_often_it_is_asked_for(database: Database) -> None:
    one = await payer(database)
    async with database.writing() as work:
        assert await open_books(work, "fee_yunfan") == one


async def test_twenty_who_post_at_once_are_all_in_the_chain(database: Database) -> None:
    one = await payer(database)
    await asyncio.gather(*(posted(database, draft(one, f"pay:alipay:{n}", IN_100)) for n in range(20)))
    assert await _balances(database, one, Kind.CASH) == [-200_000]
    assert await _count(database, LedgerTransaction) == 20


async def test_twenty_who_post_one_reference_at_once_post_it_once(database: Database) -> None:
    one = await payer(database)
    answers = await asyncio.gather(*(posted(database, draft(one, "pay:alipay:1", IN_100)) for _ in range(20)))
    assert sorted(answer.is_repeat for (answer,) in answers) == [False, *[True] * 19]
    assert await _balances(database, one, Kind.CASH) == [-10_000]


async def test_those_who_post_to_several_payers_in_any_order_do_not_wait_for_each_other(database: Database) -> None:
    payers = [await payer(database, name) for name in ("a", "b", "c")]

    async def both(n: int) -> None:
        order = payers if n % 2 else payers[::-1]
        await posted(database, *(draft(one, f"pay:alipay:{n}", IN_100) for one in order))

    await asyncio.gather(*(both(n) for n in range(12)))
    assert [await _balances(database, one, Kind.CASH) for one in payers] == [[-120_000]] * 3


async def test_what_is_not_committed_was_never_posted(database: Database) -> None:
    one = await payer(database)
    async with database.writing() as work:
        await post(work, [draft(one, "pay:alipay:1", IN_100)])
    assert await _count(database, LedgerEntry) == 0
    assert await _balances(database, one, Kind.CASH) == [0]


async def test_a_balance_can_be_seen_as_of_any_instant(database: Database) -> None:
    one = await payer(database)
    noon = [NOON + timedelta(days=day) for day in range(4)]
    # Written in another order than that of business: a close that is late.
    await posted(
        database,
        draft(one, "c", {Kind.ALIPAY: 4, Kind.CASH: -4}, at=noon[2]),
        draft(one, "a", {Kind.ALIPAY: 1, Kind.CASH: -1}, at=noon[0]),
        draft(one, "b", {Kind.ALIPAY: 2, Kind.CASH: -2}, at=noon[1]),
        draft(one, "d", {Kind.ALIPAY: 8, Kind.CASH: -8}, at=noon[2] + timedelta(hours=1)),
    )
    second = timedelta(seconds=1)
    async with database.reading() as work:
        seen = [
            await balance_as_of(work, one, account(Kind.CASH), at)
            for at in (
                noon[0] - second,
                noon[0],
                noon[1] - second,
                noon[1],
                noon[2],
                noon[2] + timedelta(hours=1),
                noon[3],
            )
        ]
        assert await balance_as_of(work, one, account(Kind.CREDIT), noon[3]) == 0
    assert seen == [0, -1, -1, -3, -7, -15, -15]


async def test_what_is_refused_has_written_nothing_and_the_books_go_on(database: Database) -> None:
    one = await payer(database)
    async with database.writing() as work:
        books = await Books.hold(work, {one})
        with pytest.raises(OverdrawnError):
            await books.post([draft(one, "bill:1", {Kind.CREDIT: 1, Kind.REVENUE: -1})])
        (answer,) = await books.post([draft(one, "pay:alipay:1", IN_100)])
        await work.commit()
    assert answer.number == 1
    async with database.reading() as work:
        head = await work.session.get_one(LedgerHead, one)
    assert (head.transactions, head.accounts) == (1, 2)
