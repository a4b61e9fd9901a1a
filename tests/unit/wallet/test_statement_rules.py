"""Days of a statement as instants, and the periods that are offered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from guance_portal.wallet.statement_rules import PERIODS, StatementChoice, begins, day_of, ends, period

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 15)


def test_a_midnight_belongs_to_the_day_that_ends_then() -> None:
    midnight = datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert day_of(midnight, SHANGHAI) == date(2026, 6, 30)
    assert day_of(midnight.replace(microsecond=1), SHANGHAI) == date(2026, 7, 1)
    assert ends(date(2026, 6, 30), SHANGHAI) == begins(date(2026, 7, 1), SHANGHAI) == midnight


def test_a_day_ends_where_the_next_begins_also_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = date(2022, 10, 30)
    assert (ends(day, berlin).astimezone(UTC) - begins(day, berlin).astimezone(UTC)).total_seconds() == 25 * 3600


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("days_7", date(2026, 3, 9), TODAY),
        ("days_30", date(2026, 2, 14), TODAY),
        ("days_90", date(2025, 12, 16), TODAY),
        ("month", date(2026, 3, 1), TODAY),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("year", date(2026, 1, 1), TODAY),
    ],
)
def test_the_periods_that_are_offered(name: str, since: date, until: date) -> None:
    assert name in PERIODS
    assert period(name, TODAY) == (since, until)


def test_balances_lead_on_unless_transactions_are_left_out() -> None:
    assert StatementChoice(purse="cash", since=TODAY).leads_on
    assert not StatementChoice(act="bill").leads_on
    assert not StatementChoice(text="bill").leads_on


def test_a_choice_of_nothing_has_no_bounds() -> None:
    narrowed = StatementChoice().narrowed(SHANGHAI)
    assert (narrowed.since, narrowed.until) == (None, None)
