"""When days of sites end, and what follows from that for a marketplace. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guance_portal.metering.days import end_of
from guance_portal.sites import Provider

_MOMENT = timedelta(microseconds=1)
_ALIYUN = ZoneInfo("Asia/Shanghai")
_ALIYUN_UNTIL = time(1, 59)
_AWS_WITHIN = timedelta(hours=24)
_AWS_MONTH_UNTIL = timedelta(hours=6)


def day_ending(ends: datetime, zone: ZoneInfo) -> date | None:
    """The day of a zone that ends at an instant; None where none does."""
    day = (ends - _MOMENT).astimezone(zone).date()
    return day if end_of(day, zone) == ends else None


def next_end(after: datetime, zones: Iterable[ZoneInfo]) -> datetime:
    """The first instant after another at which a day of one of the zones ends."""
    return min(end_of(after.astimezone(zone).date(), zone) for zone in zones)


def last_end(now: datetime, zones: Iterable[ZoneInfo]) -> datetime:
    """The last instant, not after now, at which a day of one of the zones ended."""
    return max(end_of(now.astimezone(zone).date() - timedelta(days=1), zone) for zone in zones)


def stamp(ends: datetime) -> datetime:
    """What a record of days that end at an instant is stamped with: the beginning of their last hour."""
    return ends - timedelta(hours=1)


def deadline(provider: Provider, ends: datetime) -> datetime:
    """Until when a marketplace takes a record of days that end at an instant.

    AWS: 24 hours from the stamp, and 06:00 UTC of the first day after the stamp's month. Alibaba: 01:59 (UTC+8) of the
    day after the one that the period ends in.
    """
    if provider is Provider.AWS:
        stamped = stamp(ends).astimezone(UTC)
        month_ends = datetime(stamped.year + stamped.month // 12, stamped.month % 12 + 1, 1, tzinfo=UTC)
        return min(stamped + _AWS_WITHIN, month_ends + _AWS_MONTH_UNTIL)
    day = (ends - _MOMENT).astimezone(_ALIYUN).date() + timedelta(days=1)
    return datetime.combine(day, _ALIYUN_UNTIL, _ALIYUN).astimezone(UTC)
