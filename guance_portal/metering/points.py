"""What both readers of bodies share: what counting asks of a point, how much a point may hold, and what a fault says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

MAX_POINT = 1024 * 1024
"""Characters of one point as it was sent."""

# Limits that DataKit itself keeps (docs: DataKit API, line protocol limitation).
MAX_TAGS = 256
MAX_FIELDS = 1024
MAX_TAG_KEY = 256
MAX_TAG_VALUE = 1024
MAX_KEY = 65535
"""Characters of measurement and tags together (InfluxDB 1.x allows as many bytes)."""

Value = str | int | float | bool | bytes
TRACE_ID, VIEW_ID = "trace_id", "view_id"


class Points(Protocol):
    """Some points of a body, in their order. A point without what is asked for answers with an empty text."""

    def __len__(self) -> int:
        """How many."""
        ...

    @property
    def measurements(self) -> Sequence[str]:
        """What each measured, or where it comes from."""
        ...

    def series(self) -> Iterable[str]:
        """The `series_of` each."""
        ...

    def named(self, key: str) -> Sequence[str]:
        """The tag of that name of each, else its field of that name as text."""
        ...

    def whole(self, place: int) -> str:
        """All that one of them says (`whole_of`): what tells it from every other point."""
        ...


class UnreadableError(ValueError):
    """A body that cannot be taken: the number (from 1) of the line or point where the fault begins, and why."""

    place: ClassVar[str]

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"{self.place} {number}: {reason}")
        self.number, self.reason = number, reason


def series_of(measurement: str, tags: Mapping[str, str]) -> str:
    """A measurement and its tags, the same in any order. The parts hold no NUL (both readers refuse it), so joining them by it is unambiguous."""
    parts = [measurement]
    for name in sorted(tags):
        parts += (name, tags[name])
    return "\0".join(parts)


def whole_of(measurement: str, tags: Mapping[str, str], fields: Mapping[str, Value], time: int | None) -> str:
    """All of a point. It begins with NUL, as no name does."""
    return f"\0{measurement}\0{sorted(tags.items())}\0{sorted(fields.items())}\0{time}"


def tag_fault(tags: Mapping[str, str]) -> str:
    """What is too long in some tags; empty when nothing is."""
    if max(map(len, tags), default=0) > MAX_TAG_KEY:
        return f"a tag name longer than {MAX_TAG_KEY} characters"
    if max(map(len, tags.values()), default=0) > MAX_TAG_VALUE:
        return f"a tag value longer than {MAX_TAG_VALUE} characters"
    return ""
