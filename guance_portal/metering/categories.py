"""The kinds of data that the gateway takes: those that count for an item, as its row says, and those that do not."""

from __future__ import annotations

from enum import StrEnum

from guance_portal.metering import ways
from guance_portal.metering.items import Item, Source
from guance_portal.metering.ways import Way

_SOURCES: dict[str, tuple[Item, Source]] = {
    source.category: (item, source) for item in Item for source in item.traits.sources
}
_UNCOUNTED = (
    "object_change",
    "custom_object",
    "network",
    "profiling",
    "langfuse-v2",
    "agent_llm",
)


class Category(StrEnum):
    """A kind of data as DataKit names it in `/v1/write/<category>`, such as `Category("logging")`."""

    # Members are made from the rows of the items, so that a new item brings its categories along.
    vars().update({code.upper().replace("-", "_"): code for code in (*_SOURCES, *_UNCOUNTED)})

    @property
    def item(self) -> Item | None:
        """The billing item that points of this category may count for; None is taken uncounted."""
        return _SOURCES[self][0] if self in _SOURCES else None

    @property
    def counted(self) -> Way:
        """How its points count."""
        return self.item.traits.counted if self.item else ways.uncounted

    @property
    def is_always_taken(self) -> bool:
        """Whether it flows on when its quota is full."""
        return self in _SOURCES and _SOURCES[self][1].is_always_taken


_CATEGORIES = {category.value: category for category in Category} | {
    source.other_name: Category(name) for name, (_, source) in _SOURCES.items() if source.other_name
}


def category_named(name: str) -> Category | None:
    """The category for the last part of a gateway address; None for one that does not exist."""
    return _CATEGORIES.get(name)
