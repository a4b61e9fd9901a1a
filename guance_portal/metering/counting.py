"""What the points of one request count for: how many, of which item, and which distinct things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guance_portal.metering.line_protocol import MAX_TAG_VALUE, TRACE_ID, decode, points
from guance_portal.metering.rules import Category, Item
from guance_portal.metering.things import SIZE, Things

if TYPE_CHECKING:
    from collections.abc import Generator

    from guance_portal.metering.line_protocol import Point


@dataclass(slots=True)
class Batch:
    """The counts of one request.

    `quantity` counts lines of a summed item; `seen` holds what a distinct item counts once a day, as `Things` packs
    it. `host` is the first host that names itself, cut to MAX_TAG_VALUE characters: a field may be as long as its line.
    """

    category: Category
    points: int = 0
    quantity: int = 0
    seen: bytes = b""
    host: str = ""

    @property
    def things(self) -> int:
        """How many distinct things there are in it."""
        return len(self.seen) // SIZE


def count(category: Category, body: bytes, precision: str = "n") -> Batch:
    """The counts of a whole body; raises BadLineError, and then nothing of the body counts."""
    steps = counting(category, body, precision)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def counting(category: Category, body: bytes, precision: str = "n") -> Generator[None, None, Batch]:
    """`count` with a pause behind each point, for whoever has something else to do meanwhile."""
    batch = Batch(category)
    things = Things()
    for point in points(decode(body), precision):
        batch.points += 1
        if not batch.host:
            batch.host = _host(point)[:MAX_TAG_VALUE]
        if key := _distinct_key(category, point):
            things.add(key)
        elif _is_counted(category, point):
            batch.quantity += 1
        yield
    batch.seen = yield from things.packed()
    return batch


def _distinct_key(category: Category, point: Point) -> str:
    # The parts cannot hold NUL (the parser refuses it), so joining by it is unambiguous.
    if category is Category.METRIC:
        parts = [point.measurement]
        for name in sorted(point.tags):
            parts += (name, point.tags[name])
        return "\0".join(parts)
    if category is Category.TRACING:
        return point.named(TRACE_ID) or _whole(point)
    if category is Category.OBJECT and point.measurement.lower() == "host":
        return _host(point)
    return ""


def _is_counted(category: Category, point: Point) -> bool:
    if category is Category.RUM:
        return point.measurement == "view"
    return category.item in {Item.LOGS, Item.DIAL_TESTS}


def _host(point: Point) -> str:
    if host := point.named("host"):
        return host
    return point.named("name") if point.measurement.lower() == "host" else ""


def _whole(point: Point) -> str:
    # A span without a trace is a trace of its own.
    return f"\0{point.measurement}\0{sorted(point.tags.items())}\0{sorted(point.fields.items())}\0{point.time}"
