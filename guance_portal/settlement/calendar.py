"""Billing days and months of changes, at the site; and what a change would mean, before anybody orders it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from guance_portal.metering.days import start_of
from guance_portal.settlement.choices import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePreview:
    """What a change ordered now would mean; days are billing days of the site.

    `open_day` is still settled by the old method, everything from `effective_day` on by the new one. Until
    `effective_at` it can be withdrawn. `back_from` is the first day on which one could change again.
    """

    open_day: date
    effective_day: date
    effective_at: datetime
    back_from: date


def preview_of(now: datetime, zone: ZoneInfo, kind: ChangeKind, *, has_used_month: bool) -> ChangePreview:
    """What a change of this kind would mean when it was ordered at this business moment."""
    today = now.astimezone(zone).date()
    effective_day = today + timedelta(days=1)
    uses_month = kind is ChangeKind.MONTHLY or has_used_month
    back_from = max(effective_day, next_month(today)) if uses_month else effective_day
    return ChangePreview(
        open_day=today, effective_day=effective_day, effective_at=start_of(effective_day, zone), back_from=back_from
    )


def next_change(today: date, kind: ChangeKind, *, has_used_month: bool, pending_from: date | None) -> date:
    """The next day on which a voluntary change can be ordered: today when it can be now.

    A pending change occupies the days until it takes effect.
    """
    free_again = next_month(today) if kind is ChangeKind.MONTHLY and has_used_month else today
    return max(free_again, pending_from) if pending_from else free_again


def month_of(day: date) -> str:
    """The calendar month of a day, as changes are counted by: 2026-07."""
    return f"{day:%Y-%m}"


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
