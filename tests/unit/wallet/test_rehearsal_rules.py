"""预演: when a debt would begin at a pace of spending, and what would be owed at its lock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.wallet.debt.rehearsal_rules import HORIZON, DailyCost, Rehearsal, RehearsedMeans, rehearse
from guance_portal.wallet.debt.rules import Countdown
from guance_portal.wallet.rules import PayableLine, Purse

SHANGHAI, LOS_ANGELES = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 8, 1, 2, tzinfo=UTC)
"""10:00 on 1 August in Shanghai."""


def pace(minor: int, item: str = "logs", workspace: str = "w1", zone: ZoneInfo = SHANGHAI) -> DailyCost:
    return DailyCost(workspace=workspace, zone=zone, lines=(PayableLine(item, minor),))


def means(
    cash: int = 0,
    *,
    credit: int = 0,
    owed: int = 0,
    purses: tuple[Purse, ...] = (),
    countdown: Countdown | None = None,
) -> RehearsedMeans:
    return RehearsedMeans(
        currency=Currency.CNY,
        zone=SHANGHAI,
        cash=cash,
        credit=credit,
        owed=owed,
        purses=purses,
        countdown=countdown,
    )


def voucher(rest: int, until: datetime) -> Purse:
    return Purse(
        number=1,
        kind=Kind.VOUCHER,
        currency=Currency.CNY,
        rest=rest,
        valid_from=NOW - timedelta(days=9),
        valid_until=until,
        granted_at=NOW - timedelta(days=9),
    )


def begins(found: Rehearsal) -> date:
    assert found.countdown
    return found.countdown.first_day


def test_cash_for_two_days_pays_two_bills_and_the_third_leaves_the_debt() -> None:
    found = rehearse(means(250_00), [pace(100_00)], NOW)
    assert begins(found) == date(2026, 8, 4)  # 1 and 2 August are paid, half of 3 August is not
    assert found.lasts_until == date(2026, 8, 2)
    assert found.a_day == 100_00


def test_until_the_lock_every_day_adds_to_the_debt() -> None:
    found = rehearse(means(), [pace(100_00)], NOW)
    assert begins(found) == date(2026, 8, 2)
    # Bills are posted at the beginning of 2 to 16 August, the last of them at the lock itself.
    assert (found.owed_on_last_day, found.owed_at_lock) == (14 * 100_00, 15 * 100_00)


def test_what_takes_no_voucher_begins_a_debt_beside_a_full_voucher() -> None:
    full = voucher(10_000_00, NOW + timedelta(days=400))
    assert begins(rehearse(means(purses=(full,)), [pace(1_00, "sms")], NOW)) == date(2026, 8, 2)
    assert begins(rehearse(means(3_00, purses=(full,)), [pace(1_00, "sms")], NOW)) == date(2026, 8, 5)


def test_a_voucher_pays_no_day_that_ends_after_it() -> None:
    ends = datetime(2026, 8, 3, tzinfo=SHANGHAI)
    found = rehearse(means(purses=(voucher(10_000_00, ends),)), [pace(100_00)], NOW)
    assert begins(found) == date(2026, 8, 4)


def test_credit_pays_first_and_an_empty_voucher_is_passed_over() -> None:
    found = rehearse(
        means(50_00, credit=100_00, purses=(voucher(50_00, NOW + timedelta(days=90)),)), [pace(100_00)], NOW
    )
    assert begins(found) == date(2026, 8, 4)


def test_a_debt_that_is_there_keeps_its_lock_and_grows_until_then() -> None:
    since = Countdown(began_at=NOW - timedelta(days=10), zone=SHANGHAI)
    found = rehearse(means(owed=570_67, countdown=since), [pace(100_00)], NOW)
    assert found.countdown == since
    assert (found.owed_on_last_day, found.owed_at_lock) == (570_67 + 3 * 100_00, 570_67 + 4 * 100_00)


def test_once_locked_nothing_is_added() -> None:
    since = Countdown(began_at=NOW - timedelta(days=30), zone=SHANGHAI)
    found = rehearse(means(owed=9_00, countdown=since), [pace(100_00)], NOW)
    assert (found.owed_on_last_day, found.owed_at_lock) == (9_00, 9_00)


def test_bills_of_several_zones_are_paid_in_the_order_of_their_ends() -> None:
    both = [pace(100_00, workspace="w2", zone=LOS_ANGELES), pace(100_00, workspace="w1")]
    # 1 August ends in Shanghai at 16:00 UTC; 31 July, which is still open in Los Angeles, at 07:00 UTC.
    found = rehearse(means(100_00), both, NOW)
    assert found.countdown
    assert found.countdown.began_at == datetime(2026, 8, 1, 16, tzinfo=UTC)


def test_without_use_and_with_more_than_a_year_of_money_no_debt_is_foretold() -> None:
    assert rehearse(means(), [], NOW) == Rehearsal(a_day=0)
    assert rehearse(means(), [pace(0)], NOW).countdown is None
    rich = rehearse(means(HORIZON * 1_00), [pace(1_00)], NOW)
    assert (rich.countdown, rich.lasts_until) == (None, None)
