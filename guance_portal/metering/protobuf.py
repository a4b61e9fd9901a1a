"""DataKit's protobuf (`com.guance.Point`): a body into points, with the limits and refusals of line protocol.

Nearly all points are plain, and repeat their tags. So points are read in groups, by the columns of their values, and tags
that were read once are known again by their bytes. A group in which anything is out of the ordinary is read point by point.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import filterfalse
from math import isfinite
from threading import Lock
from typing import NamedTuple

from google.protobuf.message import DecodeError

from guance_portal.metering import wire
from guance_portal.metering.point_messages import (
    NAME_END,
    POINT_END,
    Field,
    FieldColumns,
    read_field,
    read_many_fields,
    read_many_points,
    read_points,
)
from guance_portal.metering.points import (
    MAX_FIELDS,
    MAX_KEY,
    MAX_TAGS,
    UnreadableError,
    Value,
    series_of,
    tag_fault,
    whole_of,
)

RECENT, RECENT_BYTES = 20_000, 8 * 1024 * 1024
"""Tags and series that are known again by their bytes; beyond that all are forgotten and read again."""
_IS_TAG = b"\x40\x01"
"""What marks a field as a tag. One that is marked otherwise is found by the columns."""
_END = -1
"""Stands for the end of a point where tags are numbers."""
_Key = tuple[str, tuple["int | None", ...]]
"""A measurement, and the numbers of its tags, with None for each of its fields."""
_FIRST_MOMENT = -(2**63)


class BadPointError(UnreadableError):
    """A protobuf body that cannot be taken."""

    place = "point"


class _FaultError(ValueError):
    """Why a point cannot be taken."""


class _Series(NamedTuple):
    """What the points of a series share."""

    measurement: str
    tags: dict[str, str]
    key: str


class ProtobufPoints:
    """Some points as read: `Points`. Fields and times are read when they are asked for."""

    def __init__(self, sent: list[bytes], of: list[_Series], parts: list[bytes], ends: list[int]) -> None:
        self._sent, self._of, self._parts, self._ends = sent, of, parts, ends

    def __len__(self) -> int:
        """How many."""
        return len(self._of)

    @property
    def measurements(self) -> list[str]:
        """What each measured."""
        return [of.measurement for of in self._of]

    def series(self) -> list[str]:
        """The series of each."""
        return [of.key for of in self._of]

    def named(self, key: str) -> list[str]:
        """The tag of that name of each, else its field of that name as text."""
        tags = [of.tags.get(key) for of in self._of]
        name = key.encode()
        return [self._field(key, name, place) if tag is None else tag for place, tag in enumerate(tags)]

    def whole(self, place: int) -> str:
        """All that one of them says."""
        of, times = self._of[place], read_points(self._sent[place]).time
        # No time is written as zero or not at all.
        return whole_of(of.measurement, of.tags, _values(self._parts_of(place)), (times[-1] or None) if times else None)

    def _field(self, key: str, name: bytes, place: int) -> str:
        parts = [part for part in self._parts_of(place) if name in part]
        value = _values(parts).get(key, "") if parts else ""
        return value.hex() if isinstance(value, bytes) else str(value)

    def _parts_of(self, place: int) -> list[bytes]:
        return self._parts[self._ends[place - 1] + 1 if place else 0 : self._ends[place]]


def points(body: bytes) -> Iterator[ProtobufPoints]:
    """Every point of a body, some at a time; raises BadPointError at the first fault."""
    read = 0
    try:
        for group in wire.groups(body):
            if (plain := _reader.plain(group)) is not None:
                yield plain
                read += len(group)
                continue
            for sent in group:
                yield exact(sent)
                read += 1
    except (wire.WireError, _FaultError) as problem:
        raise BadPointError(read + 1, str(problem)) from None


class _Reader:
    """Reads plain points, and knows again what it has read: the next body of a sender has mostly the same series."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self._tags = list[tuple[str, str]]()
        self._numbers = {POINT_END: _END}  # of each tag by its bytes, where it stands in `_tags`
        self._series = dict[_Key, _Series]()
        self._bytes = 0

    def plain(self, group: list[bytes]) -> ProtobufPoints | None:
        """The points of a group in which there is nothing unusual; None when there is."""
        if len(group) == 1 and len(group[0]) > wire.GROUP_BYTES:
            return None
        with self._lock:
            if len(self._tags) + len(self._series) > RECENT or self._bytes > RECENT_BYTES:
                self._forget()
            try:
                return self._plain(group)
            except (DecodeError, ValueError):
                return None

    def _plain(self, group: list[bytes]) -> ProtobufPoints | None:
        columns = read_many_points(group)
        names, parts = list(columns.name), list(columns.fields)
        if names[1::2] != [NAME_END] * len(group) or _FIRST_MOMENT in columns.time or not self._are_plain(parts):
            return None
        numbers = tuple(map(self._numbers.get, parts))
        of, ends, first = list[_Series](), list[int](), 0
        end_from, known, add, end_at = numbers.index, self._series.get, of.append, ends.append
        for name in names[::2]:
            end = end_from(_END, first)  # ValueError when it is missing
            key = name, numbers[first:end]
            add(known(key) or self._new_series(key))
            end_at(end)
            first = end + 1
        return ProtobufPoints(group, of, parts, ends) if first == len(parts) else None

    def _are_plain(self, parts: list[bytes]) -> bool:
        """Whether all that are not known as tags, and do not become so, have a name and one value that may be."""
        values = list(filterfalse(self._numbers.__contains__, parts))
        columns = read_many_fields(values)
        if has_tags := True in columns.is_tag:
            for part in values:
                if _IS_TAG in part and part not in self._numbers and (field := read_field(part)).is_tag:
                    tag = _tag(field)
                    self._numbers[part] = len(self._tags)
                    self._tags.append(tag)
                    self._bytes += 2 * len(part)
            values = list(filterfalse(self._numbers.__contains__, parts))
            columns = read_many_fields(values)
            has_tags = True in columns.is_tag
        return not has_tags and _are_fields(columns, len(values))

    def _new_series(self, key: _Key) -> _Series:
        measurement, numbers = key
        _check_fields(numbers.count(None))
        series = _series(measurement, [self._tags[number] for number in numbers if number is not None])
        self._series[key] = series
        self._bytes += len(series.key) + 8 * len(numbers)
        return series


_reader = _Reader()


def exact(sent: bytes) -> ProtobufPoints:
    """Any point; raises _FaultError for one that cannot be taken."""
    try:
        columns = read_points(sent)
        tags, fields = list[tuple[str, str]](), list[bytes]()
        for part in columns.fields:
            field = read_field(part)
            if field.is_tag:
                tags.append(_tag(field))
            elif _has_value(field):
                fields.append(part)
    except DecodeError as problem:
        raise _FaultError("not valid UTF-8" if "UTF-8" in str(problem) else "not protobuf") from None
    if columns.time and columns.time[-1] == _FIRST_MOMENT:
        raise _FaultError("the time does not fit 64 bits of nanoseconds")
    series = _series(columns.name[-1] if columns.name else "", tags)
    _check_fields(len(fields))
    return ProtobufPoints([sent], [series], fields, [len(fields)])


def _are_fields(columns: FieldColumns, count: int) -> bool:
    """Whether each of so many fields has a name and one value that may be."""
    keys, texts = list(columns.key), list(columns.s)
    held = len(texts) + sum(map(len, (columns.i, columns.u, columns.f, columns.b, columns.d, columns.a)))
    return (
        len(columns.mark) == len(keys) == held == count
        and all(keys)
        and isfinite(sum(columns.f))
        and "\0" not in "".join(keys)
        and "\0" not in "".join(texts)
    )


def _tag(field: Field) -> tuple[str, str]:
    if field.WhichOneof("val") not in {None, "s"}:
        raise _FaultError("a tag value that is not text")
    if not field.key:
        raise _FaultError("a tag without a name")
    return field.key, field.s


def _has_value(field: Field) -> bool:
    """Whether a field says anything. What it says must be possible in line protocol too."""
    kind = field.WhichOneof("val")
    if kind is None:
        return False
    if not field.key:
        raise _FaultError("a field without a name")
    if kind == "f" and not isfinite(field.f):
        raise _FaultError("a field value that is not a finite number")
    if "\0" in field.key or (kind == "s" and "\0" in field.s):
        raise _FaultError("a NUL character")
    return True


def _check_fields(count: int) -> None:
    if not count:
        raise _FaultError("no field with a value")
    if count > MAX_FIELDS:
        raise _FaultError(f"more than {MAX_FIELDS} fields")


def _series(measurement: str, tags: list[tuple[str, str]]) -> _Series:
    # Empty tags, and fields without a value, are left out by DataKit where it writes lines, and sent in protobuf.
    by_name = {name: value for name, value in tags if value}
    if not measurement:
        raise _FaultError("no measurement")
    if len(tags) > MAX_TAGS:
        raise _FaultError(f"more than {MAX_TAGS} tags")
    if len(by_name) < len(tags) and len({name for name, _ in tags}) < len(tags):
        raise _FaultError("two tags of one name")
    key = series_of(measurement, by_name)
    if key.count("\0") > 2 * len(by_name):
        raise _FaultError("a NUL character")
    if len(key) > MAX_KEY or len(key.encode()) > MAX_KEY:
        raise _FaultError(f"measurement and tags longer than {MAX_KEY} bytes")
    if fault := tag_fault(by_name):
        raise _FaultError(fault)
    return _Series(measurement, by_name, key)


def _values(parts: list[bytes]) -> dict[str, Value]:
    """The fields among some parts of a point; of two with one name the first, as in line protocol."""
    read = [field for part in reversed(parts) if not (field := read_field(part)).is_tag]
    return {field.key: getattr(field, kind) for field in read if (kind := field.WhichOneof("val"))}
