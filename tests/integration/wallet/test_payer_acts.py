"""What a payer does by itself, what it sees of it, and who may."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from limits import RateLimitItemPerHour
from sqlmodel import select

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.limit_keys import KeyKind
from guance_portal.core.money import Currency
from guance_portal.core.paging import Paging
from guance_portal.core.rate_limits import LIMITS, Limit, RateLimits
from guance_portal.ledger.chart import Kind
from guance_portal.wallet.card_rules import CardAmountError, CardInDebtError, CashShortError
from guance_portal.wallet.code_rules import hashed
from guance_portal.wallet.errors import CodeUnknownError, CodeUsedError, OtherCurrencyError, VoucherCodeExpiredError
from guance_portal.wallet.service import CardWanted, WalletActs
from guance_portal.wallet.statement import StatementPart, WalletStatements
from guance_portal.wallet.statement_rules import StatementChoice
from guance_portal.wallet.views import PurseState, WalletViews
from tests.support.clocks import MovableClock
from tests.support.wallets import T0, Wallet, day, wallet

CALLER = Caller(address="192.0.2.1")
ME = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s1")
LIMITED = Actor(realm=Realm.FEE_CENTER, subject_id="fee_yunfan", session_id="s2", workspace_id="w1")
STRANGER = Actor(realm=Realm.CONSOLE, subject_id="fee_yunfan", session_id="s3")
CODE = "ABCD-EFGH-JKMN-PQRS"


@pytest.fixture
async def mine(database: Database, clock: MovableClock) -> Wallet:
    """A wallet, at T0."""
    clock.move(seconds=(T0 - clock.now()).total_seconds())
    return await wallet(database)


@pytest.fixture
def acts(database: Database, clock: MovableClock, mine: Wallet) -> WalletActs:
    """What the payer can do."""
    assert mine.payer
    return WalletActs(database, limits=RateLimits(), clock=clock)


async def audited(database: Database) -> list[str]:
    """The acts of the payer in the audit."""
    async with database.reading() as work:
        return [one.act for one in (await work.session.exec(select(AuditEntry))).all()]


async def statement(mine: Wallet, choice: StatementChoice | None = None, paging: Paging | None = None) -> StatementPart:
    """What the payer reads."""
    return await WalletStatements(mine.database).read(ME, choice or StatementChoice(), paging or Paging(1, 20))


async def test_a_code_is_shown_then_activated_once_and_audited(acts: WalletActs, mine: Wallet) -> None:
    await mine.code(code_hash=hashed(CODE))
    seen = await acts.look_at_code(ME, CODE.lower())
    assert (seen.minor, seen.currency, seen.valid_until) == (50_00, Currency.CNY, day(30))
    assert await mine.held() == {}
    assert await acts.activate(ME, f" {CODE.replace('-', ' ')} ", CALLER) == 50_00
    assert (await mine.held())["voucher:1"] == -50_00
    assert await audited(mine.database) == ["voucher.activated"]
    with pytest.raises(CodeUsedError):
        await acts.activate(ME, CODE, CALLER)


async def test_a_code_that_is_activated_twenty_times_at_once_gives_one_voucher(acts: WalletActs, mine: Wallet) -> None:
    await mine.code(code_hash=hashed(CODE))
    acts = WalletActs(
        mine.database,
        limits=RateLimits(limits={"voucher_codes": Limit(RateLimitItemPerHour(1000), KeyKind.ACCOUNT)}),
        clock=acts._clock,
    )
    answers = await asyncio.gather(*(acts.activate(ME, CODE, CALLER) for _ in range(20)), return_exceptions=True)
    assert all(answer == 50_00 or isinstance(answer, CodeUsedError) for answer in answers)
    assert answers.count(50_00) >= 1
    assert (await mine.held())["voucher:1"] == -50_00
    assert await audited(mine.database) == ["voucher.activated"]


async def test_every_wrong_code_has_its_words_and_moves_nothing(
    acts: WalletActs, mine: Wallet, clock: MovableClock
) -> None:
    await mine.code(code_hash=hashed(CODE))
    await wallet(mine.database, "usd", Currency.USD)
    dollars = Actor(realm=Realm.FEE_CENTER, subject_id="fee_usd", session_id="s4")
    with pytest.raises(OtherCurrencyError):
        await acts.activate(dollars, CODE, CALLER)
    with pytest.raises(CodeUnknownError):
        await acts.activate(ME, "", CALLER)
    clock.move(days=30)
    with pytest.raises(VoucherCodeExpiredError):
        await acts.activate(ME, CODE, CALLER)
    assert (await mine.held(), await audited(mine.database)) == ({}, [])


async def test_codes_can_be_guessed_a_few_times_an_hour_and_right_ones_do_not_count(
    acts: WalletActs, mine: Wallet
) -> None:
    await mine.code(code_hash=hashed(CODE))
    for _ in range(LIMITS["voucher_codes"].amount + 1):
        await acts.look_at_code(ME, CODE)
    for _ in range(LIMITS["voucher_codes"].amount):
        with pytest.raises(CodeUnknownError):
            await acts.look_at_code(ME, "nothing")
    with pytest.raises(TooManyAttemptsError):
        await acts.activate(ME, CODE, CALLER)


async def test_a_card_is_previewed_then_bought_once_and_audited(acts: WalletActs, mine: Wallet) -> None:
    await mine.recharge(12_000_00)
    seen = await acts.preview_card(ME, 10_000_00)
    assert (seen.cash, seen.cards, seen.bonus) == (12_000_00, 0, 1_000_00)
    assert seen.valid_until == day(365)
    for _ in range(2):
        await acts.buy_card(ME, CardWanted(key="k1", minor=10_000_00), CALLER)
    held = await mine.held()
    assert (held["cash"], held["card:1"], held["bonus_voucher:2"]) == (-2_000_00, -10_000_00, -1_000_00)
    assert await audited(mine.database) == ["card.bought"]


async def test_a_card_that_cannot_be_bought_is_refused_in_the_preview_too(acts: WalletActs, mine: Wallet) -> None:
    await mine.recharge(500_00)
    for minor, problem in ((50_00, CardAmountError), (600_00, CashShortError)):
        with pytest.raises(problem):
            await acts.preview_card(ME, minor)
        with pytest.raises(problem):
            await acts.buy_card(ME, CardWanted(key="k1", minor=minor), CALLER)
    await mine.spend(1, 501_00)
    with pytest.raises(CardInDebtError):
        await acts.preview_card(ME, 100_00)
    assert await audited(mine.database) == ["debt.begun"]


async def test_the_statement_says_what_moved_and_what_stood_there_then(mine: Wallet) -> None:
    await mine.recharge(1_000_00, at=T0)
    await mine.buy(300_00, at=T0 + timedelta(hours=1))
    await mine.spend(1, 400_00)
    await mine.spend(2, 700_00)
    seen = await statement(mine)
    assert [line.act for line in seen.lines] == ["bill", "bill", "card", "recharge"]
    moves = [{move.kind: (move.minor, move.rest) for move in line.moves} for line in seen.lines]
    assert moves == [
        {Kind.CASH: (-600_00, 0), Kind.RECEIVABLE: (-100_00, -100_00)},
        {Kind.CASH: (-100_00, 600_00), Kind.CARD: (-300_00, 0)},
        {Kind.CASH: (-300_00, 700_00), Kind.CARD: (300_00, 300_00)},
        {Kind.CASH: (1_000_00, 1_000_00)},
    ]
    assert (seen.sums.count, seen.sums.came - seen.sums.went) == (4, -100_00)


async def test_the_statement_is_narrowed_and_turned_without_other_balances(mine: Wallet) -> None:
    await mine.recharge(1_000_00, at=T0)
    await mine.buy(300_00, at=T0 + timedelta(hours=1))
    await mine.spend(1, 400_00)
    cash = await statement(mine, StatementChoice(purse="cash"))
    assert [[move.rest for move in line.moves] for line in cash.lines] == [[600_00], [700_00], [1_000_00]]
    assert (cash.sums.came, cash.sums.went) == (1_000_00, 400_00)
    bills = await statement(mine, StatementChoice(act="bill"))
    assert ([line.act for line in bills.lines], bills.sums.count) == (["bill"], 1)
    second = await statement(mine, paging=Paging(2, 2))
    assert [line.act for line in second.lines] == ["recharge"]


async def test_purses_that_can_pay_stand_first(mine: Wallet, clock: MovableClock) -> None:
    await mine.recharge(1_000_00)
    await mine.grant(10_00, "grant:1", until=day(1))
    await mine.grant(20_00, "grant:2", until=day(50))
    await mine.grant(30_00, "grant:3", until=day(40))
    await mine.grant(40_00, "grant:4", since=day(20), until=day(90))
    clock.move(days=2)
    views = WalletViews(mine.database, clock)
    seen = await views.purses(ME, Kind.VOUCHER, Kind.BONUS_VOUCHER)
    assert (seen.currency, seen.zone.key) == (Currency.CNY, "Asia/Shanghai")
    assert [(one.face, one.state) for one in seen.purses] == [
        (30_00, PurseState.USABLE),
        (20_00, PurseState.USABLE),
        (40_00, PurseState.NOT_YET),
        (10_00, PurseState.EXPIRED),
    ]


async def test_a_session_without_the_password_sees_and_does_nothing_of_it(
    acts: WalletActs, mine: Wallet, clock: MovableClock
) -> None:
    await mine.code(code_hash=hashed(CODE))
    views, statements = WalletViews(mine.database, clock), WalletStatements(mine.database)
    for actor, problem in ((LIMITED, PasswordNeededError), (STRANGER, NotAllowedError)):
        for asked in (
            acts.look_at_code(actor, CODE),
            acts.activate(actor, CODE, CALLER),
            acts.preview_card(actor, 100_00),
            acts.buy_card(actor, CardWanted(key="k", minor=100_00), CALLER),
            views.wallet(actor),
            views.purses(actor, Kind.CARD),
            statements.read(actor, StatementChoice(), Paging(1, 5)),
        ):
            with pytest.raises(problem):
                await asked
    assert await mine.held() == {}
