"""Billing days and months of changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.settlement.calendar import month_of, next_change, next_month, preview_of
from guance_portal.settlement.choices import ChangeKind

SHANGHAI, LOS_ANGELES = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
LATE = datetime(2026, 7, 31, 15, 59, tzinfo=UTC)
"""One minute before August begins in Shanghai."""


def test_a_change_takes_effect_with_the_sites_next_day() -> None:
    preview = preview_of(LATE, SHANGHAI, ChangeKind.FIRST, has_used_month=False)
    assert (preview.open_day, preview.effective_day) == (date(2026, 7, 31), date(2026, 8, 1))
    assert preview.effective_at == datetime(2026, 7, 31, 16, tzinfo=UTC)


def test_the_day_is_the_sites_own() -> None:
    preview = preview_of(LATE, LOS_ANGELES, ChangeKind.FIRST, has_used_month=False)
    assert (preview.open_day, preview.effective_day) == (date(2026, 7, 31), date(2026, 8, 1))
    assert preview.effective_at == datetime(2026, 8, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "used", "back_from"),
    [
        (ChangeKind.FIRST, False, date(2026, 7, 11)),
        (ChangeKind.UNLOCK, False, date(2026, 7, 11)),
        (ChangeKind.MONTHLY, False, date(2026, 8, 1)),
        (ChangeKind.UNLOCK, True, date(2026, 8, 1)),
    ],
)
def test_one_can_switch_back_as_soon_as_the_month_allows(kind: ChangeKind, *, used: bool, back_from: date) -> None:
    preview = preview_of(datetime(2026, 7, 10, 4, tzinfo=UTC), SHANGHAI, kind, has_used_month=used)
    assert preview.back_from == back_from


@pytest.mark.parametrize(
    ("kind", "used", "pending_from", "expected"),
    [
        (ChangeKind.MONTHLY, False, None, date(2026, 7, 10)),
        (ChangeKind.MONTHLY, True, None, date(2026, 8, 1)),
        (ChangeKind.FIRST, True, None, date(2026, 7, 10)),
        (ChangeKind.FIRST, False, date(2026, 7, 11), date(2026, 7, 11)),
        (ChangeKind.MONTHLY, False, date(2026, 8, 1), date(2026, 8, 1)),
    ],
)
def test_the_next_possible_change(kind: ChangeKind, pending_from: date | None, expected: date, *, used: bool) -> None:
    assert next_change(date(2026, 7, 10), kind, has_used_month=used, pending_from=pending_from) == expected


@given(st.dates(max_value=date(9000, 1, 1)))
def test_the_next_month_is_the_next_one(day: date) -> None:
    following = next_month(day)
    assert following.day == 1
    assert month_of(day) < month_of(following)
    assert (following - day).days <= 31
