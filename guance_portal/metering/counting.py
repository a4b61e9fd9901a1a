"""What the points of one request count for: how many, of which item, and which distinct things."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from guance_portal.metering import line_protocol, protobuf
from guance_portal.metering.categories import Category
from guance_portal.metering.points import MAX_TAG_VALUE, Points
from guance_portal.metering.things import SIZE, Things
from guance_portal.metering.ways import hosts_named


@dataclass(slots=True)
class RequestCounts:
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


class BodyFormat(Enum):
    """How a body says its points."""

    LINES = auto()
    PROTOBUF = auto()


def count(category: Category, body: bytes, precision: str = "n", form: BodyFormat = BodyFormat.LINES) -> RequestCounts:
    """The counts of a whole body; raises UnreadableError, and then nothing of the body counts."""
    steps = counting(category, body, precision, form)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def counting(
    category: Category, body: bytes, precision: str = "n", form: BodyFormat = BodyFormat.LINES
) -> Generator[None, None, RequestCounts]:
    """`count` with a pause behind every few points, for a caller that has something else to do meanwhile.

    `precision` is that of lines; in protobuf times are nanoseconds.
    """
    batch = RequestCounts(category)
    things = Things()
    counted = category.counted
    for group in _points(body, precision, form):
        batch.points += len(group)
        if not batch.host:
            batch.host = next(filter(None, hosts_named(group)), "")[:MAX_TAG_VALUE]
        names, quantity = counted(group)
        things.update(names)
        batch.quantity += quantity
        yield
    batch.seen = yield from things.packed()
    return batch


def _points(body: bytes, precision: str, form: BodyFormat) -> Iterable[Points]:
    if form is BodyFormat.PROTOBUF:
        return protobuf.points(body)
    return line_protocol.points(line_protocol.decode(body), precision)
