"""账目核对 for the payer: the same result that operators see, or a check of its own; a broken rule stops it alone."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.rate_limits import LIMITS, RateLimits
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.errors import BooksStoppedError
from guance_portal.ledger.invariants import LEDGER
from guance_portal.wallet.books import WalletBooks
from guance_portal.wallet.invariants import WALLET
from tests.support.clocks import MovableClock
from tests.support.wallets import T0, Wallet, wallet

ME = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s1")
CALLER = Caller(address="192.0.2.7", user_agent="", visitor="")


@pytest.fixture
async def mine(database: Database, clock: MovableClock) -> Wallet:
    """A wallet with two transactions."""
    clock.move(seconds=(T0 - clock.now()).total_seconds())
    mine = await wallet(database)
    await mine.recharge(100_00)
    await mine.spend(1, 40_00)
    return mine


@pytest.fixture
def check(database: Database, clock: MovableClock) -> LedgerCheck:
    """The check of all books."""
    return LedgerCheck(database, clock, (*LEDGER, *WALLET))


@pytest.fixture
def books(database: Database, check: LedgerCheck, clock: MovableClock) -> WalletBooks:
    """What the payer sees."""
    return WalletBooks(database, check, limits=RateLimits(), clock=clock)


async def spoil(mine: Wallet) -> None:
    """Change the balance of cash by hand, which nothing but an invariant notices."""
    async with mine.database.writing() as work:
        connection = await work.session.connection()
        await connection.execute(
            text("UPDATE ledger_accounts SET balance = balance - 1 WHERE payer = :payer AND kind = 'cash'"),
            {"payer": mine.payer},
        )
        await work.commit()


async def test_before_the_first_check_nothing_is_said_of_the_rules(books: WalletBooks, mine: Wallet) -> None:
    seen = await books.read(ME)
    assert (seen.at, seen.rules, seen.transactions, seen.entries) == (None, (), 2, 4 + 2)
    assert (seen.stopped_by, len(seen.chain)) == ("", 64)
    assert mine.payer


async def test_the_payer_sees_the_check_of_all_books_until_its_own_is_newer(
    books: WalletBooks, check: LedgerCheck, clock: MovableClock, mine: Wallet
) -> None:
    await check.check()
    first = await books.read(ME)
    assert (first.at, first.is_whole, len(first.rules)) == (clock.now(), True, len(LEDGER) + len(WALLET) + 1)
    clock.move(minutes=5)
    await books.check(ME, CALLER)
    assert (await books.read(ME)).at == clock.now()
    # Operators go on seeing theirs.
    last = await check.last()
    assert last
    assert last.at == first.at
    clock.move(minutes=5)
    await check.check()
    assert (await books.read(ME)).at == clock.now()
    assert mine.payer


async def test_a_broken_rule_is_named_and_stops_this_payer_alone(
    books: WalletBooks, database: Database, mine: Wallet
) -> None:
    other = await wallet(database, "other")
    await other.recharge(10_00, "2")
    await spoil(mine)
    await books.check(ME, CALLER)
    seen = await books.read(ME)
    broken = [rule for rule in seen.rules if not rule.holds]
    assert [(rule.text.en, rule.first) for rule in broken] == [("Every balance is the sum of its entries", 2)]
    assert seen.stopped_by == "balances"
    with pytest.raises(BooksStoppedError):
        await mine.recharge(5_00, "3")
    await other.recharge(5_00, "4")


async def test_what_is_wrong_in_other_books_is_not_shown(
    books: WalletBooks, check: LedgerCheck, database: Database, mine: Wallet
) -> None:
    other = await wallet(database, "other")
    await other.recharge(10_00, "2")
    await spoil(other)
    await check.check()
    seen = await books.read(ME)
    assert (seen.is_whole, seen.stopped_by) == (True, "")
    assert mine.payer


async def test_an_account_without_books_has_none_to_check(books: WalletBooks, database: Database) -> None:
    await wallet(database, "new")
    actor = Actor(realm=Realm.FEE_CENTER, subject_id="fee_new", session_id="s1")
    await books.check(actor, CALLER)
    assert (await books.read(actor)).transactions == 0


async def test_only_the_account_itself_sees_and_checks_and_not_without_end(books: WalletBooks, mine: Wallet) -> None:
    limited = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s2", workspace_id="w1")
    console = Actor(realm=Realm.CONSOLE, subject_id="fee_yunfan", session_id="s3")
    for actor, problem in ((limited, PasswordNeededError), (console, NotAllowedError)):
        for asked in (books.read(actor), books.check(actor, CALLER)):
            with pytest.raises(problem):
                await asked
    for _ in range(LIMITS["books_checks"].amount):
        await books.check(ME, CALLER)
    with pytest.raises(TooManyAttemptsError):
        await books.check(ME, CALLER)
    assert mine.payer
