"""What the points of one request count for: how many, of which item, and which distinct things."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from guance_portal.metering import line_protocol, protobuf
from guance_portal.metering.points import MAX_TAG_VALUE, TRACE_ID, VIEW_ID, Points
from guance_portal.metering.rules import Category
from guance_portal.metering.things import SIZE, Things


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


class Form(Enum):
    """How a body says its points."""

    LINES = auto()
    PROTOBUF = auto()


def count(category: Category, body: bytes, precision: str = "n", form: Form = Form.LINES) -> Batch:
    """The counts of a whole body; raises UnreadableError, and then nothing of the body counts."""
    steps = counting(category, body, precision, form)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def counting(
    category: Category, body: bytes, precision: str = "n", form: Form = Form.LINES
) -> Generator[None, None, Batch]:
    """`count` with a pause behind every few points, for whoever has something else to do meanwhile.

    `precision` is that of lines; in protobuf times are nanoseconds.
    """
    batch = Batch(category)
    things = Things()
    for group in _points(body, precision, form):
        batch.points += len(group)
        if not batch.host:
            batch.host = next(filter(None, _hosts(group)), "")[:MAX_TAG_VALUE]
        names, quantity = _counted(category, group)
        things.update(names)
        batch.quantity += quantity
        yield
    batch.seen = yield from things.packed()
    return batch


def _points(body: bytes, precision: str, form: Form) -> Iterable[Points]:
    if form is Form.PROTOBUF:
        return protobuf.points(body)
    return line_protocol.points(line_protocol.decode(body), precision)


def _counted(category: Category, group: Points) -> tuple[Iterable[str], int]:
    """What tells apart the things of some points that count once a day, and how many points count each."""
    if category is Category.METRIC:
        return group.series(), 0
    if category is Category.TRACING:
        # A span without a trace is a trace of its own.
        return (name or group.whole(place) for place, name in enumerate(group.named(TRACE_ID))), 0
    if category is Category.RUM:
        named = zip(group.measurements, group.named(VIEW_ID), strict=True)
        views = [view for measurement, view in named if measurement == "view"]
        # A view is sent again while it lasts. A line without its id is a view of its own.
        return filter(None, views), views.count("")
    if category is Category.OBJECT:
        named = zip(group.measurements, _hosts(group), strict=True)
        return (host for measurement, host in named if host and measurement.lower() == "host"), 0
    return (), len(group) if category.item else 0


def _hosts(group: Points) -> Iterator[str]:
    """The host that each point names; of DataKit's own object of the machine its name will do."""
    named = zip(group.measurements, group.named("host"), strict=True)
    for place, (measurement, host) in enumerate(named):
        yield host or (group.named("name")[place] if measurement.lower() == "host" else "")
