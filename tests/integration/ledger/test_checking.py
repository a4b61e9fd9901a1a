"""The rules of the books: they hold after every act, and a planted fault is named and stops its payer alone."""

from __future__ import annotations

import pytest

from guance_portal.core.db import Database
from guance_portal.core.messages import catalogue
from guance_portal.ledger import repair
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.checking import LedgerCheck, RuleOutcome
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.ledger.invariants import CHAIN, LEDGER
from guance_portal.ledger.rules import HOUSE
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from guance_portal.wallet.invariants import WALLET
from tests.support import by_hand
from tests.support.clocks import MovableClock
from tests.support.ledgers import account, draft, payer, posted
from tests.support.wallets import TRANSFER, Wallet, day, refund, wallet

RULES = (*LEDGER, *WALLET)


@pytest.fixture
def check(database: Database, clock: MovableClock) -> LedgerCheck:
    """The check of all books."""
    return LedgerCheck(database, clock, RULES)


@pytest.fixture
async def books(database: Database, database_url: str) -> str:
    """The address of a database with the books of two payers, of three transactions and one."""
    assert (await payer(database), await payer(database, "other")) == (1, 2)
    for n in range(3):
        await posted(database, draft(1, f"bill:{n}", {Kind.RECEIVABLE: 100, Kind.REVENUE: -100}))
    await posted(database, draft(2, "bill:1", {Kind.RECEIVABLE: 100, Kind.REVENUE: -100}))
    return database_url


def broken(outcomes: list[RuleOutcome]) -> dict[str, str]:
    """What is broken, and where first."""
    return {outcome.code: str(outcome.breaches[0]) for outcome in outcomes if outcome.breaches}


def _as_owner(url: str, *statements: str) -> None:
    """Run statements as the owner of the tables, without the guards: what a restored and edited copy looks like."""
    with by_hand.by_hand(url) as session:
        if url.startswith("sqlite"):
            for (name,) in session.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'"
            ).fetchall():
                session.execute(f"DROP TRIGGER {name}")
        else:
            for table in by_hand.TABLES:
                session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            session.execute(statement)
        if not url.startswith("sqlite"):
            guards = "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'ledger%' AND NOT tgisinternal"
            for table, name in session.execute(guards).fetchall():
                session.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def test_every_rule_has_words() -> None:
    assert {f"ledger.rule.{code}" for code in (CHAIN, *(rule.code for rule in RULES))} <= set(catalogue())


async def test_no_rule_is_broken_in_a_database_without_books(check: LedgerCheck) -> None:
    assert broken(await check.check()) == {}


async def test_every_rule_holds_after_every_act(database: Database, check: LedgerCheck) -> None:
    mine: Wallet = await wallet(database)
    await mine.recharge(20_000_00)
    await mine.grant(50_00, until=day(5))
    await mine.buy(10_000_00)
    await mine.code(30_00)
    await mine.do(purses.activate, mine.payer, "c0de", day(1))
    await mine.spend(2, 70_00)
    await mine.pay(mine.due(3, ("logs", 5_00), listing="aws"), mine.due(3, ("logs", -2_00), workspace="w2"))
    await mine.do(bills.correct, mine.payer, "bill:w1:2", number=1, amount=10_00, at=day(6))
    await mine.do(purses.revoke, mine.payer, 4, minor=1_00, reference="revoke:1", at=day(6))
    await mine.do(purses.expire, mine.payer, day(30))
    for number, minor in ((1, 10_00), (2, 20_00), (3, 30_00)):
        await mine.do(refunds.ask, refund(mine, number=number), minor, day(7))
    await mine.do(refunds.done, refund(mine, number=1), 4_00, day(7))
    await mine.do(refunds.refuse, refund(mine, number=2), day(7))
    await mine.do(receipts.suspend, TRANSFER)
    await mine.do(receipts.claim, mine.payer, Kind.BANK, "S1", day(8))
    await mine.do(receipts.take_back, mine.payer, Kind.BANK, "S1", day(9))
    assert broken(await check.check()) == {}
    assert len(await mine.references()) == 17


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE ledger_accounts SET balance = balance + 1 WHERE payer = 1 AND number = 1",
            {"balances": "payer 1, transaction 3, receivable:"},
        ),
        ("UPDATE ledger_heads SET transactions = 2 WHERE payer = 1", {"heads": "payer 1, transaction 2, head"}),
        (
            "UPDATE ledger_days SET minor = minor + 1 WHERE payer = 1 AND account = 1",
            {"days": "payer 1, transaction 1, 2026-11-04"},
        ),
        ("DELETE FROM ledger_days WHERE payer = 1 AND account = 2", {"days": "payer 1, transaction 1, 2026-11-04"}),
    ],
    ids=["balance", "head", "day", "no day"],
)
async def test_what_can_be_edited_by_hand_is_named(
    books: str, check: LedgerCheck, statement: str, named: dict[str, str]
) -> None:
    by_hand.run(books, [statement])
    assert broken(await check.check()) == named


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_entry_without_a_header_is_named(books: str, check: LedgerCheck) -> None:
    by_hand.run(books, [by_hand.entries("1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")])
    assert broken(await check.check())["orphans"] == "payer 1, transaction 4, header"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_entry_without_a_header_is_taken_into_no_transaction(books: str, database: Database) -> None:
    by_hand.run(books, [by_hand.entries("1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")])
    with pytest.raises(Exception, match=r"never changed|lacks entries"):
        await posted(database, draft(1, "bill:9", {Kind.RECEIVABLE: 5, Kind.REVENUE: -5}))


async def test_a_balanced_transaction_by_hand_is_named(books: str, check: LedgerCheck) -> None:
    by_hand.run(books, by_hand.as_spoken(books, by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")))
    assert set(broken(await check.check())) == {"balances", "days", "heads", CHAIN}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE ledger_entries SET minor = minor + 1 WHERE payer = 1 AND number = 2 AND account = 1",
            {"zero", "balances", "days", CHAIN},
        ),
        ("UPDATE ledger_entries SET minor = minor * 2 WHERE payer = 1 AND number = 2", {"balances", "days", CHAIN}),
        ("UPDATE ledger_transactions SET reference = 'bill:x' WHERE payer = 1 AND number = 2", {CHAIN}),
        ("UPDATE ledger_transactions SET kind = 'other' WHERE payer = 1 AND number = 2", {CHAIN}),
        ("UPDATE ledger_transactions SET hash = content WHERE payer = 1 AND number = 2", {CHAIN}),
        ("DELETE FROM ledger_entries WHERE payer = 1 AND number = 2", {"complete", "balances", "days", CHAIN}),
    ],
    ids=["an amount", "two amounts", "a reference", "a kind", "a hash", "entries"],
)
async def test_an_edited_row_of_a_copy_is_named_by_its_transaction(
    books: str, check: LedgerCheck, statement: str, named: set[str]
) -> None:
    _as_owner(books, statement)
    found = broken(await check.check())
    assert set(found) == named
    assert found[CHAIN] == "payer 1, transaction 2, hash"


async def test_a_deleted_transaction_is_named_by_the_next(books: str, check: LedgerCheck) -> None:
    _as_owner(
        books,
        "DELETE FROM ledger_entries WHERE payer = 1 AND number = 2",
        "DELETE FROM ledger_transactions WHERE payer = 1 AND number = 2",
    )
    found = broken(await check.check())
    assert found[CHAIN] == "payer 1, transaction 3, hash"
    assert "heads" in found


async def test_a_balance_on_the_wrong_side_is_named(books: str, check: LedgerCheck) -> None:
    drop = (
        "PRAGMA ignore_check_constraints = ON"
        if books.startswith("sqlite")
        else "ALTER TABLE ledger_accounts DROP CONSTRAINT ck_ledger_accounts_right_side"
    )
    _as_owner(books, drop, "UPDATE ledger_accounts SET balance = -300 WHERE payer = 1 AND number = 1")
    found = broken(await check.look())
    _as_owner(books, "UPDATE ledger_accounts SET balance = 300 WHERE payer = 1 AND number = 1", *_side_again(books))
    assert found["sides"] == "payer 1, receivable:"


def _side_again(url: str) -> list[str]:
    if url.startswith("sqlite"):
        return []
    return [
        "ALTER TABLE ledger_accounts ADD CONSTRAINT ck_ledger_accounts_right_side CHECK ((balance <= 0 OR kind NOT IN ('cash', 'credit', 'voucher', 'bonus_voucher', 'card', 'package', 'hold')) AND (balance >= 0 OR kind NOT IN ('receivable')))"
    ]


async def test_a_broken_rule_stops_the_new_acts_of_its_payer_alone(
    books: str, check: LedgerCheck, database: Database
) -> None:
    by_hand.run(books, ["UPDATE ledger_accounts SET balance = balance + 1 WHERE payer = 1 AND number = 1"])
    await check.check()
    with pytest.raises(BooksStoppedError):
        await posted(database, draft(1, "bill:9", {Kind.RECEIVABLE: 5, Kind.REVENUE: -5}))
    (again,) = await posted(database, draft(1, "bill:0", {Kind.RECEIVABLE: 100, Kind.REVENUE: -100}))
    assert again.is_repeat
    await posted(database, draft(2, "bill:9", {Kind.RECEIVABLE: 5, Kind.REVENUE: -5}))


async def test_a_bill_of_stopped_books_waits_and_the_others_of_its_batch_are_paid(
    database: Database, database_url: str, check: LedgerCheck
) -> None:
    mine, other = await wallet(database), await wallet(database, "other")
    await mine.spend(1, 5_00)
    by_hand.run(
        database_url,
        ["UPDATE ledger_accounts SET balance = balance + 1 WHERE balance = 500"],
    )
    await check.check()
    waits, paid = await mine.pay(mine.due(2, ("logs", 5_00)), other.due(2, ("logs", 5_00)))
    assert (waits.plan, waits.posted) == (None, None)
    assert paid.posted


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE wallet_refunds SET state = 'refused'", "holds"),
        ("UPDATE wallet_receipts SET state = 'credited' WHERE way = 'bank'", "suspense"),
        ("UPDATE wallet_receipts SET minor = minor + 1 WHERE way = 'alipay'", "clearing"),
        ("DELETE FROM wallet_purses", "purses"),
        ("UPDATE wallet_purses SET face = face - 1", "purses"),
    ],
)
async def test_a_wallet_that_differs_from_the_ledger_is_named(
    database: Database, database_url: str, check: LedgerCheck, statement: str, code: str
) -> None:
    mine = await wallet(database)
    await mine.recharge(100_00)
    await mine.grant(50_00)
    await mine.do(refunds.ask, refund(mine), 10_00, day(1))
    await mine.do(receipts.suspend, TRANSFER)
    assert broken(await check.look()) == {}
    by_hand.run(database_url, [statement])
    assert code in broken(await check.look())


async def test_the_house_is_checked_too(database: Database, database_url: str, check: LedgerCheck) -> None:
    await posted(database, draft(HOUSE, "transfer:1", {account(Kind.BANK): 5, account(Kind.SUSPENSE): -5}))
    assert {"suspense", "clearing"} == set(broken(await check.look()))


async def test_stopped_books_go_on_when_they_were_rebuilt_and_not_before(
    books: str, check: LedgerCheck, database: Database
) -> None:
    by_hand.run(
        books,
        [
            "UPDATE ledger_accounts SET balance = balance + 1 WHERE payer = 1 AND number = 1",
            "UPDATE ledger_days SET minor = minor + 1 WHERE payer = 1",
        ],
    )
    await check.check()
    async with database.writing() as work:
        with pytest.raises(BooksStoppedError):
            await repair.lift(work, 1, RULES)
        await repair.rebuild(work, 1)
        await repair.lift(work, 1, RULES)
        await work.commit()
    assert broken(await check.check()) == {}
    await posted(database, draft(1, "bill:9", {Kind.RECEIVABLE: 5, Kind.REVENUE: -5}))
    assert broken(await check.check()) == {}


async def test_books_are_rebuilt_and_lifted_of_one_payer_alone(
    books: str, check: LedgerCheck, database: Database
) -> None:
    by_hand.run(books, ["UPDATE ledger_accounts SET balance = balance + 1 WHERE number = 1"])
    await check.check()
    async with database.writing() as work:
        await repair.rebuild(work, 1)
        await repair.lift(work, 1, RULES)
        await work.commit()
    with pytest.raises(BooksStoppedError):
        await posted(database, draft(2, "bill:9", {Kind.RECEIVABLE: 5, Kind.REVENUE: -5}))
