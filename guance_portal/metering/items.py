"""The billing items: one row says all about an item, and every other list of items derives from these rows.

Rows stand in the order in which charts and tables show them. An item also needs words (`metering.items.<code>`, and
`metering.item_means.<code>` if it has quotas) and a price; tests fail while one of them is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Self

from guance_portal.metering import ways
from guance_portal.metering.ways import Way

USUAL_ICON, USUAL_COLOR = "gauge", "c6"
"""Of items that have none of their own."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What the 体验版 may send of one item in a day of the site, and how long it is kept.

    `limit` None is unlimited and 0 is not on offer; `retention_days` 0 says that nothing is kept.
    """

    limit: int | None
    retention_days: int = 0


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of an item by site (decision 8): China and Hong Kong, and all others."""

    china: Quota
    overseas: Quota


class Total(Enum):
    """What the counts of an item come to over a longer time."""

    SUM = auto()
    """Days add up to months."""
    HIGHEST_DAY = auto()
    """A month is worth its highest day: the item counts what exists, and that is there again the next day."""
    HIGHEST_HOUR = auto()
    """As HIGHEST_DAY, and a day is worth its highest hour."""


@dataclass(frozen=True, slots=True)
class Source:
    """A category of the gateway (`/v1/write/<category>`) that counts for an item.

    `is_always_taken`: it flows on when the quota is full; infrastructure objects and events do (decision 8).
    """

    category: str
    other_name: str = ""
    is_always_taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """All that is particular to an item.

    `measure` is what it is counted in (words `billing.measure.<measure>`); a price list may say another one.
    `sources` and `counted`: the categories that the gateway counts for it, and how; none where nothing comes by the
    gateway. `quotas` None: the portal does not meter it. `icon` is a name of lucide, `color` one of the
    stylesheet's chart colours. `typical` is what an estimate begins with; items without it are folded away there.
    `takes_vouchers`: 代金券 pay for it. `decimals`: counts are kept in so small a part of the measure, as gigabytes are in
    bytes, so that they add up exactly.
    """

    measure: str
    sources: tuple[Source, ...] = ()
    counted: Way = ways.uncounted
    total: Total = Total.SUM
    quotas: Quotas | None = None
    icon: str = USUAL_ICON
    color: str = USUAL_COLOR
    typical: str = ""
    takes_vouchers: bool = True
    decimals: int = 0


class Item(StrEnum):
    """A billing item; its value is what rows and price lists call it."""

    TIME_SERIES = (
        "time_series",
        Traits(
            measure="series",
            sources=(Source("metric", "metrics"),),
            counted=ways.series,
            total=Total.HIGHEST_DAY,
            quotas=Quotas(china=Quota(3_000, 30), overseas=Quota(500, 1)),
            icon="chart-line",
            color="c1",
            typical="6000",
        ),
    )
    LOGS = (
        "logs",
        Traits(
            measure="record",
            sources=(
                Source("logging"),
                Source("keyevent", "event", is_always_taken=True),
                Source("security"),
                Source("siem_logging"),
            ),
            counted=ways.each_point,
            quotas=Quotas(china=Quota(1_000_000, 7), overseas=Quota(1_000_000, 1)),
            icon="scroll-text",
            color="c2",
            typical="20",
        ),
    )
    TRACES = (
        "traces",
        Traits(
            measure="trace",
            sources=(Source("tracing"),),
            counted=ways.traces,
            quotas=Quotas(china=Quota(8_000, 7), overseas=Quota(10_000, 1)),
            icon="waypoints",
            color="c5",
            typical="2",
        ),
    )
    PAGE_VIEWS = (
        "page_views",
        Traits(
            measure="view",
            sources=(Source("rum"),),
            counted=ways.page_views,
            quotas=Quotas(china=Quota(2_000, 7), overseas=Quota(10_000, 1)),
            icon="mouse-pointer-click",
            color="c4",
            typical="5",
        ),
    )
    DATAKIT = (
        "datakit",
        Traits(
            measure="host",
            sources=(Source("object", is_always_taken=True),),
            counted=ways.hosts,
            total=Total.HIGHEST_HOUR,
            quotas=Quotas(china=Quota(None), overseas=Quota(None)),
            color="c3",
            typical="10",
        ),
    )
    DIAL_TESTS = (
        "dial_tests",
        Traits(
            measure="test",
            sources=(Source("dialtesting"),),
            counted=ways.each_point,
            quotas=Quotas(china=Quota(200_000, 7), overseas=Quota(50_000, 1)),
            icon="radar",
            takes_vouchers=False,
        ),
    )
    TASKS = (
        "tasks",
        Traits(measure="call", quotas=Quotas(china=Quota(100_000), overseas=Quota(5_000)), icon="timer"),
    )
    SMS = "sms", Traits(measure="message", quotas=Quotas(china=Quota(0), overseas=Quota(0)), takes_vouchers=False)
    BACKUP_LOGS = "backup_logs", Traits(measure="gigabyte", decimals=9)
    PROFILES = "profiles", Traits(measure="profile")
    NETWORK_HOSTS = "network_hosts", Traits(measure="host")
    SESSION_REPLAYS = "session_replays", Traits(measure="session")
    FORWARDING_EXTERNAL = "forwarding_external", Traits(measure="gigabyte", decimals=9)
    FORWARDING_INTERNAL = "forwarding_internal", Traits(measure="gigabyte", decimals=9)
    REPORTS = "reports", Traits(measure="report")
    SCANS = "scans", Traits(measure="gigabyte", decimals=9)
    PIPELINES = "pipelines", Traits(measure="gigabyte", decimals=9)

    _value_: str
    traits: Traits

    def __new__(cls, code: str, traits: Traits) -> Self:
        """A member of the enumeration from its row."""
        item = str.__new__(cls, code)
        item._value_ = code
        item.traits = traits
        return item

    def measured(self, count: int) -> int | Decimal:
        """A count as it is kept, in the measure of the item."""
        return Decimal(count).scaleb(-self.traits.decimals) if self.traits.decimals else count

    @property
    def message_key(self) -> str:
        """The key of the item's name in the catalogues."""
        return f"metering.items.{self.value}"

    @property
    def means(self) -> str:
        """The key of what is counted, in the catalogues; items with quotas have one."""
        return f"metering.item_means.{self.value}"


METERED = tuple(item for item in Item if item.traits.quotas)
"""What the portal counts, or is told the count of: everything that has quotas."""
GATEWAY_ITEMS = tuple(item for item in Item if item.traits.sources)
"""What the gateway counts; task calls and SMS are reported to the portal by other means."""


def free_quotas(site: str) -> dict[Item, Quota]:
    """The quotas of the 体验版 at a site (decision 8): China and Hong Kong as 杭州, the others as 俄勒冈."""
    is_china = site.startswith("cn")
    return {item: quotas.china if is_china else quotas.overseas for item in METERED if (quotas := item.traits.quotas)}
