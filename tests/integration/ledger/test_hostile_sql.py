"""A wrong ledger typed in by hand is refused by the database itself, whatever the session switches off."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache

import psycopg
import pytest

from tests.support import by_hand
from tests.support.databases import delete_all_rows

ON_BOTH = {
    "an amount is changed": ["UPDATE ledger_entries SET minor = 1 WHERE payer = 1 AND number = 1 AND account = 1"],
    "two amounts are changed alike": ["UPDATE ledger_entries SET minor = minor * 2 WHERE payer = 1 AND number = 1"],
    "an entry is moved to another account": ["UPDATE ledger_entries SET account = 4 WHERE payer = 1 AND account = 2"],
    "an entry is moved to another transaction": ["UPDATE ledger_entries SET number = 2 WHERE payer = 1 AND number = 1"],
    "an entry is moved to another payer": ["UPDATE ledger_entries SET payer = 2 WHERE payer = 1 AND number = 1"],
    "an entry is deleted": ["DELETE FROM ledger_entries WHERE payer = 1 AND number = 1 AND account = 1"],
    "a whole transaction is deleted": [
        "DELETE FROM ledger_entries WHERE payer = 1 AND number = 1",
        "DELETE FROM ledger_transactions WHERE payer = 1 AND number = 1",
    ],
    "everything is deleted": ["DELETE FROM ledger_entries"],
    "a reference is changed": ["UPDATE ledger_transactions SET reference = 'other' WHERE payer = 1 AND number = 1"],
    "an instant is changed": ["UPDATE ledger_transactions SET at = '2020-01-01 00:00:00'"],
    "a hash is changed": ["UPDATE ledger_transactions SET hash = content"],
    "a header is deleted": ["DELETE FROM ledger_transactions WHERE payer = 1 AND number = 1"],
    "a transaction does not sum to zero": by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -99"),
    "a transaction has one entry": by_hand.whole("x", "1, 4, 1, 'CNY', 100", size=1),
    "a transaction has no entries": [by_hand.header(size=2)],
    "a transaction has no entries and says so": [by_hand.header(size=0)],
    "a transaction has other entries than it says": by_hand.whole(
        "x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100", size=3
    ),
    "currencies make up for each other": by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'USD', -100"),
    "an entry of another currency than its account": by_hand.whole("x", "1, 4, 1, 'USD', 100", "1, 4, 2, 'USD', -100"),
    "an entry of no account": by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 99, 'CNY', -100"),
    "an entry of another payer's account": by_hand.whole("x", "1, 4, 1, 'CNY', 100", "3, 4, 2, 'CNY', -100"),
    "an entry of nothing": by_hand.whole("x", "1, 4, 1, 'CNY', 0", "1, 4, 2, 'CNY', 0"),
    "a reference comes again": by_hand.whole("pay:1", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100"),
    "a number comes again": by_hand.whole("x", "1, 1, 3, 'CNY', 100", "1, 1, 4, 'CNY', -100", number=1),
    "a pair is added to a sealed transaction": [by_hand.entries("1, 1, 3, 'CNY', 100", "1, 1, 4, 'CNY', -100")],
    "one entry is added to a sealed transaction": [by_hand.entries("1, 1, 3, 'CNY', 100")],
    "cash goes below nothing": ["UPDATE ledger_accounts SET balance = 1 WHERE payer = 1 AND number = 2"],
    "debt goes below nothing": ["UPDATE ledger_accounts SET balance = -1 WHERE payer = 1 AND number = 3"],
    "a voucher goes below nothing": ["UPDATE ledger_accounts SET balance = 1 WHERE payer = 1 AND number = 6"],
    "an account of money begins below nothing": [
        "INSERT INTO ledger_accounts (payer, number, kind, key, currency, balance) VALUES (1, 9, 'credit', '', 'CNY', 5)"
    ],
    "an account becomes another kind": ["UPDATE ledger_accounts SET kind = 'revenue' WHERE payer = 1 AND number = 2"],
    "an account becomes another currency": ["UPDATE ledger_accounts SET currency = 'USD' WHERE number = 2"],
    "an account becomes another payer's": [
        "UPDATE ledger_accounts SET payer = 2, number = 9 WHERE payer = 1 AND number = 2"
    ],
    "a purse becomes another": ["UPDATE ledger_accounts SET key = '2' WHERE payer = 1 AND number = 6"],
    "an account is deleted": ["DELETE FROM ledger_accounts WHERE payer = 1 AND number = 2"],
    "books are deleted": ["DELETE FROM ledger_heads"],
    "books become another account's": ["UPDATE ledger_heads SET fee_account_id = NULL WHERE payer = 1"],
    "an entry is changed where it exists": [
        by_hand.entries("1, 1, 1, 'CNY', 7") + " ON CONFLICT (payer, number, account) DO UPDATE SET minor = 7"
    ],
    "a header is changed where it exists": [
        by_hand.header(1, reference="other") + " ON CONFLICT (payer, number) DO UPDATE SET reference = 'other'"
    ],
}
ON_SQLITE = {
    "an entry is replaced": [by_hand.entries("1, 1, 1, 'CNY', 7").replace("INSERT", "INSERT OR REPLACE")],
    "a header is replaced": [by_hand.header(1, reference="other").replace("INSERT", "INSERT OR REPLACE")],
    "a header is replaced by its reference": [by_hand.header(9, reference="pay:1").replace("INSERT", "REPLACE")],
    "a header is replaced by a hidden row id": ["REPLACE INTO ledger_transactions (rowid, payer) VALUES (1, 1)"],
    "an entry is replaced by a hidden row id": ["REPLACE INTO ledger_entries (rowid, payer) VALUES (1, 1)"],
    "an entry is replaced by an update": [
        "UPDATE OR REPLACE ledger_entries SET number = 2, account = 3 WHERE payer = 1"
    ],
    "an account is replaced": ["REPLACE INTO ledger_accounts VALUES (1, 2, 'cash', '', 'CNY', 0)"],
    "an account is replaced by its kind": ["REPLACE INTO ledger_accounts VALUES (1, 9, 'cash', '', 'CNY', 0)"],
    "an account is replaced by an update": [
        "UPDATE OR REPLACE ledger_accounts SET number = 1 WHERE payer = 1 AND number = 2"
    ],
    "books are replaced": ["REPLACE INTO ledger_heads VALUES (1, NULL, 0, 0, x'00', '', NULL)"],
    "books are replaced by their account": [
        "REPLACE INTO ledger_heads VALUES (9, 'fee_yunfan', 0, 0, x'00', '', NULL)"
    ],
    "a wrong transaction is ignored rather than refused": [
        by_hand.entries("1, 4, 1, 'CNY', 100"),
        by_hand.header(size=2).replace("INSERT", "INSERT OR IGNORE"),
    ],
    "a sealed transaction is added to without an error": [
        by_hand.entries("1, 1, 3, 'CNY', 1").replace("INSERT", "INSERT OR FAIL")
    ],
    "an amount is a fraction": [by_hand.entries("1, 4, 1, 'CNY', 0.5", "1, 4, 2, 'CNY', -0.5"), by_hand.header()],
    "an amount is a word": [by_hand.entries("1, 4, 1, 'CNY', 'much'", "1, 4, 2, 'CNY', 'less'"), by_hand.header()],
    "a number is a fraction": [by_hand.entries("1, 4.5, 1, 'CNY', 5", "1, 4.5, 2, 'CNY', -5")],
    "amounts go round beyond 64 bits": [
        by_hand.entries(f"1, 4, 1, 'CNY', {2**63 - 1}", f"1, 4, 3, 'CNY', {2**63 - 1}", "1, 4, 4, 'CNY', 2"),
        by_hand.header(size=3),
    ],
    "a balance is a word": ["UPDATE ledger_accounts SET balance = 'much' WHERE payer = 1 AND number = 1"],
}
ON_POSTGRESQL = {
    "entries are truncated": ["TRUNCATE ledger_entries"],
    "headers are truncated": ["TRUNCATE ledger_transactions CASCADE"],
    "accounts are truncated": ["TRUNCATE ledger_accounts"],
    "books are truncated": ["TRUNCATE ledger_heads"],
    "entries come without a header": [by_hand.entries("1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100")],
    "the transaction's number is forged": [
        by_hand.HEADER.replace("hash)", "hash, xact)")
        .replace("{zeros})", "{zeros}, 1)")
        .format(number=4, reference="x", size=2, zeros="''"),
    ],
    "the check is brought forward, then more is added": [
        *by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100"),
        "SET CONSTRAINTS ALL IMMEDIATE",
        by_hand.entries("1, 4, 3, 'CNY', 100"),
    ],
    "the check is brought forward, then a pair is added": [
        *by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -100"),
        "SET CONSTRAINTS ALL IMMEDIATE",
        by_hand.entries("1, 4, 3, 'CNY', 100", "1, 4, 4, 'CNY', -100"),
    ],
    "the entries come in two statements": [
        by_hand.header(),
        by_hand.entries("1, 4, 1, 'CNY', 100"),
        by_hand.entries("1, 4, 2, 'CNY', -100"),
    ],
    "a wrong transaction stands behind a savepoint": [
        "SAVEPOINT a",
        *by_hand.whole("x", "1, 4, 1, 'CNY', 100", "1, 4, 2, 'CNY', -1"),
        "RELEASE a",
    ],
    "a merge changes an entry": [
        "MERGE INTO ledger_entries e USING (SELECT 1) s ON e.payer = 1 WHEN MATCHED THEN UPDATE SET minor = minor * 2"
    ],
    "a common table expression deletes": ["WITH gone AS (DELETE FROM ledger_entries RETURNING 1) SELECT * FROM gone"],
    "an amount is not a number": by_hand.whole("x", "1, 4, 1, 'CNY', 'NaN'", "1, 4, 2, 'CNY', 'NaN'"),
    "amounts go round beyond 64 bits": by_hand.whole(
        "x", f"1, 4, 1, 'CNY', {2**63 - 1}", f"1, 4, 3, 'CNY', {2**63 - 1}", "1, 4, 4, 'CNY', 2"
    ),
}
# The ledger that each is tried on is that of `by_hand.write`.
ERRORS = (sqlite3.DatabaseError, psycopg.Error)


@pytest.fixture(scope="module")
def kept(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """The address of a database of this kind with a small ledger, which what is refused leaves as it is."""
    with ExitStack() as stack:

        @cache
        def url_of(kind: str) -> str:
            if kind == "sqlite":
                template = request.getfixturevalue("_sqlite_template")
                url = f"sqlite+aiosqlite:///{shutil.copyfile(template, template.with_name('hostile.sqlite3'))}"
            else:
                url = request.getfixturevalue("_postgresql_url")
                stack.callback(delete_all_rows, url)
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, by_hand.write(url)).result()
            return url

        yield url_of


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request: pytest.FixtureRequest, kept: Callable[[str], str]) -> str:
    """The address of a database with a small ledger."""
    return kept(request.param)


def _refused(url: str, statements: list[str], *, off: bool) -> None:
    before = by_hand.ledger(url)
    with pytest.raises(ERRORS):
        by_hand.run(url, by_hand.as_spoken(url, statements), off=off)
    assert by_hand.ledger(url) == before


@pytest.mark.parametrize("off", [True, False], ids=["switched off", "as it is"])
@pytest.mark.parametrize("what", ON_BOTH)
def test_a_wrong_ledger_is_refused(books: str, what: str, *, off: bool) -> None:
    _refused(books, ON_BOTH[what], off=off)


@pytest.mark.parametrize("books", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ON_SQLITE)
def test_sqlite_refuses_a_wrong_ledger(books: str, what: str) -> None:
    _refused(books, ON_SQLITE[what], off=True)


@pytest.mark.parametrize("books", ["postgresql"], indirect=True)
@pytest.mark.parametrize("off", [True, False], ids=["switched off", "as it is"])
@pytest.mark.parametrize("what", ON_POSTGRESQL)
def test_postgresql_refuses_a_wrong_ledger(books: str, what: str, *, off: bool) -> None:
    _refused(books, ON_POSTGRESQL[what], off=off)


@pytest.mark.parametrize("books", ["postgresql"], indirect=True)
def test_an_old_number_that_comes_again_opens_nothing(books: str) -> None:
    """As after a restore into another server: the same number of a transaction, which began at another moment."""
    with by_hand.by_hand(books) as session:
        session.execute("BEGIN")
        session.execute("ALTER TABLE ledger_transactions DISABLE TRIGGER USER")
        session.execute("UPDATE ledger_transactions SET xact = pg_current_xact_id()::text::bigint WHERE number = 1")
        with pytest.raises(psycopg.errors.CheckViolation, match="sealed"):
            session.execute(by_hand.entries("1, 1, 3, 'CNY', 100", "1, 1, 4, 'CNY', -100"))


@pytest.mark.parametrize("books", ["postgresql"], indirect=True)
def test_every_guard_of_postgresql_always_fires(books: str) -> None:
    with by_hand.by_hand(books) as session:
        found = session.execute(
            "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'ledger%' AND NOT tgisinternal"
        ).fetchall()
    assert len(found) == 9
    assert {how for _, how in found} == {"A"}
