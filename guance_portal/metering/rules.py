"""What is counted as what, and how much of it the 体验版 may send in a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Item(StrEnum):
    """A billing item; its words are `metering.items.<value>`."""

    TIME_SERIES = "time_series"
    LOGS = "logs"
    TRACES = "traces"
    PAGE_VIEWS = "page_views"
    DATAKIT = "datakit"
    DIAL_TESTS = "dial_tests"
    TASKS = "tasks"
    SMS = "sms"

    @property
    def words(self) -> str:
        """The key of the item's name in the catalogues."""
        return f"metering.items.{self.value}"


class Category(StrEnum):
    """A kind of data as DataKit names it in `/v1/write/<category>`."""

    METRIC = "metric"
    LOGGING = "logging"
    KEYEVENT = "keyevent"
    SECURITY = "security"
    TRACING = "tracing"
    RUM = "rum"
    OBJECT = "object"
    OBJECT_CHANGE = "object_change"
    CUSTOM_OBJECT = "custom_object"
    NETWORK = "network"
    PROFILING = "profiling"
    DIAL_TESTING = "dialtesting"
    SIEM_LOGGING = "siem_logging"
    LLM = "langfuse-v2"
    AGENT_LLM = "agent_llm"

    @property
    def item(self) -> Item | None:
        """The billing item that points of this category may count for; None is taken uncounted."""
        return _ITEM_OF.get(self)

    @property
    def is_always_taken(self) -> bool:
        """Whether it flows on when its quota is full: infrastructure objects and events do (decision 8)."""
        return self in {Category.OBJECT, Category.KEYEVENT}


_ITEM_OF = {
    Category.METRIC: Item.TIME_SERIES,
    Category.LOGGING: Item.LOGS,
    Category.KEYEVENT: Item.LOGS,
    Category.SECURITY: Item.LOGS,
    Category.SIEM_LOGGING: Item.LOGS,
    Category.TRACING: Item.TRACES,
    Category.RUM: Item.PAGE_VIEWS,
    Category.OBJECT: Item.DATAKIT,
    Category.DIAL_TESTING: Item.DIAL_TESTS,
}
_OTHER_NAMES = {"metrics": Category.METRIC, "event": Category.KEYEVENT}
_CATEGORIES = {category.value: category for category in Category} | _OTHER_NAMES


def category_named(name: str) -> Category | None:
    """The category for the last part of a gateway address; None for one that does not exist."""
    return _CATEGORIES.get(name)


@dataclass(frozen=True, slots=True)
class Quota:
    """What the 体验版 may send of one item in a day of the site, and how long it is kept.

    `limit` None is unlimited and 0 is not on offer; `retention_days` 0 says that nothing is kept.
    """

    limit: int | None
    retention_days: int = 0


_HANGZHOU = {
    Item.DATAKIT: Quota(None),
    Item.TIME_SERIES: Quota(3_000, 30),
    Item.LOGS: Quota(1_000_000, 7),
    Item.TRACES: Quota(8_000, 7),
    Item.PAGE_VIEWS: Quota(2_000, 7),
    Item.DIAL_TESTS: Quota(200_000, 7),
    Item.TASKS: Quota(100_000),
    Item.SMS: Quota(0),
}
_OREGON = {
    Item.DATAKIT: Quota(None),
    Item.TIME_SERIES: Quota(500, 1),
    Item.LOGS: Quota(1_000_000, 1),
    Item.TRACES: Quota(10_000, 1),
    Item.PAGE_VIEWS: Quota(10_000, 1),
    Item.DIAL_TESTS: Quota(50_000, 1),
    Item.TASKS: Quota(5_000),
    Item.SMS: Quota(0),
}


def free_quotas(site: str) -> dict[Item, Quota]:
    """The quotas of the 体验版 at a site (decision 8): China and Hong Kong as 杭州, the others as 俄勒冈."""
    return dict(_HANGZHOU if site.startswith("cn") else _OREGON)


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
    """Of the thresholds that one request reached for the first time this day, the one to write a letter about.

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


def shown_for_a_day(item: Item, quantity: int, highest: int) -> int:
    """What a day of an item is worth: of DataKits the most in one hour, as they are charged; of all else the count."""
    return highest if item is Item.DATAKIT else quantity


def adds_up(item: Item) -> bool:
    """Whether days of an item add up to a month; of what exists rather than comes in, a month has its highest day."""
    return item not in {Item.TIME_SERIES, Item.DATAKIT}
