"""How much a workspace of the 体验版 may send in a day, and what days and hours of an item come to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from guance_portal.metering.items import Item, Total


def fits(used: int, added: int, limit: int | None) -> bool:
    """Whether a request may be taken: it never carries the day beyond the limit, not even by part of itself.

    What adds nothing (series already seen today) always fits.
    """
    return limit is None or added == 0 or used + added <= limit


def percent(used: int, limit: int | None) -> int:
    """How much of a quota is used, in whole per cent rounded down; 0 where there is no quota."""
    return used * 100 // limit if limit else 0


NOTICE_AT = (85, 100)


def notices_due(used: int, limit: int | None) -> tuple[int, ...]:
    """The thresholds (per cent) that a day's use has reached.

    What was refused is not used: a batch larger than what is left spends no threshold, so that owners are still told
    when 85 and 100 per cent are really reached.
    """
    if not limit:
        return ()
    return tuple(mark for mark in NOTICE_AT if used * 100 >= mark * limit)


def to_tell(newly_reached: Collection[int]) -> int | None:
    """Of the thresholds that one request reached for the first time this day, the one to write an email about.

    A request that goes past both is told of once, as what it is: the quota is used up.
    """
    return max(newly_reached, default=None)


def runs_out_at(used: int, limit: int | None, *, since: datetime, now: datetime, until: datetime) -> datetime | None:
    """When a quota would be used up at the pace of the day, which began at `since` and ends at `until`.

    None when that is not before the end of the day, or there is no quota, no use, or nothing left of it.
    """
    if not limit or not 0 < used < limit or now <= since:
        return None
    at = since + (now - since) * limit / used
    return at if at < until else None


def is_hourly(item: Item) -> bool:
    """Whether its things are told apart in each hour too."""
    return item.traits.total is Total.HIGHEST_HOUR


def shown_for_a_day(item: Item, quantity: int, highest: int) -> int:
    """What a day of an item is worth: of DataKits the most in one hour, as they are charged; of all else the count."""
    return highest if is_hourly(item) else quantity


def adds_up(item: Item) -> bool:
    """Whether days of an item add up to a month; of what exists rather than comes in, a month has its highest day."""
    return item.traits.total is Total.SUM
