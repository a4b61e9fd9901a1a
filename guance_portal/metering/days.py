"""Billing days and hours: those of the site's own time zone, by the moment of receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class BillingHour:
    """Where a moment falls: the day at the site, and when that day and hour begin, in UTC."""

    day: date
    day_starts_at: datetime
    starts_at: datetime


def hour_of(moment: datetime, zone: ZoneInfo) -> BillingHour:
    """The billing day and hour of an aware moment at a site."""
    local = moment.astimezone(zone)
    into_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return BillingHour(local.date(), start_of(local.date(), zone), (moment - into_hour).astimezone(UTC))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins at a site, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day ends at a site, in UTC: the next midnight there."""
    return start_of(day + timedelta(days=1), zone)


def seconds_left(moment: datetime, zone: ZoneInfo) -> int:
    """Whole seconds, rounded up, until the site's next midnight."""
    midnight = end_of(moment.astimezone(zone).date(), zone)
    return -((moment - midnight) // timedelta(seconds=1))
