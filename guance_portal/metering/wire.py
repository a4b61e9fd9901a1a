"""Protobuf's wire format as far as it is needed before the runtime reads: where the parts of a message begin and end.

Whatever a body holds, no more than a group of points is read at a time, and no point of more parts than a point may have.
"""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.message import DecodeError

from guance_portal.metering.point_messages import POINT, read_body
from guance_portal.metering.points import MAX_FIELDS, MAX_POINT, MAX_TAGS

GROUP = 128
"""Points that are read together."""
GROUP_BYTES = 64 * 1024
"""Bytes that are read together; a larger point is read alone."""
PLAIN_BODY, PLAIN_POINTS = 1024 * 1024, 32 * 1024
"""Bytes of a body whose points may all be taken apart at once, and how many they may be."""
MAX_PARTS = MAX_TAGS + MAX_FIELDS + 64
"""Parts of one point: tags and fields, and what else a newer DataKit may say of it."""
_FEW = 2 * MAX_PARTS
"""A point of fewer bytes cannot have more parts."""
_FEW_HIGH = _FEW >> 7
"""What the second byte of a length of fewer bytes stays below."""

_VARINT, _EIGHT, _SIZED, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10
_PLAIN_POINT = POINT << 3 | _SIZED
_CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that begin no character."""


class WireError(ValueError):
    """A message that cannot be taken apart, or has too many parts."""


def groups(body: bytes) -> Iterator[list[bytes]]:
    """The points of a body, as bytes, some at a time; raises WireError behind the last that is whole."""
    return _walked(body) if (plain := _plain(body)) is None else plain


def _plain(body: bytes) -> Iterator[list[bytes]] | None:
    """The points of a body that holds nothing but short ones; None of any other, and of one that is too large."""
    if not body or len(body) > PLAIN_BODY:
        return None
    try:
        sent = read_body(body).arr
    except DecodeError:
        return None
    if len(sent) > PLAIN_POINTS:
        return None
    points = list(sent)
    sizes = list(map(len, points))
    longest = max(sizes, default=0)
    # With a length of one or two bytes for each the points fill the body: then there is nothing else in it.
    if longest > _FEW or sum(sizes) + 3 * len(points) - sum(size < 0x80 for size in sizes) != len(body):
        return None
    step = min(GROUP, GROUP_BYTES // max(longest, 1))
    return (points[first : first + step] for first in range(0, len(points), step))


def _walked(body: bytes) -> Iterator[list[bytes]]:
    group, size, at, others, end_of_body = list[bytes](), 0, 0, 0, len(body)
    while at < end_of_body:
        # Nearly all parts are points whose length takes two bytes; a call for each would cost as much as all the rest.
        if (
            body[at] == _PLAIN_POINT
            and at + 2 < end_of_body
            and (low := body[at + 1]) > 0x7F
            and (high := body[at + 2]) < _FEW_HIGH
            and (end := (start := at + 3) + (low & 0x7F | high << 7)) <= end_of_body
        ):
            is_point, at = True, end
        else:
            try:
                is_point, start, at = _next(body, at)
                others += not is_point
                if others > MAX_PARTS:
                    raise WireError(f"more than {MAX_PARTS} parts that are not points")  # noqa: TRY301 - ends as the others do
            except WireError:
                if group:
                    yield group
                raise
        if is_point:
            if len(group) == GROUP or (group and size + at - start > GROUP_BYTES):
                yield group
                group, size = [], 0
            group.append(body[start:at])
            size += at - start
    if group:
        yield group


def _next(body: bytes, at: int) -> tuple[bool, int, int]:
    """Whether the part at a position is a point, where its content begins, and where it ends."""
    is_point = body[at] == _PLAIN_POINT
    if is_point and at + 2 < len(body) and (low := body[at + 1]) < 0x80:
        start, end = at + 2, at + 2 + low
    elif is_point and at + 2 < len(body) and (high := body[at + 2]) < 0x80:
        start = at + 3
        end = start + (body[at + 1] & 0x7F | high << 7)
    else:
        number, wire_type, start, end = _part(body, at)
        is_point = number == POINT and wire_type == _SIZED
    if end > len(body):
        raise WireError("the body is cut off")
    if is_point and end - start > _FEW:
        _check_size(body[start:end])
    return is_point, start, end


def _check_size(point: bytes) -> None:
    """Refuse what is too much, looking at no more of it than is allowed."""
    if len(point) > 4 * MAX_POINT or (len(point) > MAX_POINT and len(point.translate(None, _CONTINUATION)) > MAX_POINT):
        raise WireError(f"longer than {MAX_POINT} characters")
    at, parts = 0, 0
    while at < len(point):
        *_, at = _part(point, at)
        parts += 1
        if parts > MAX_PARTS:
            raise WireError(f"more than {MAX_PARTS} parts")


def _part(data: bytes, at: int) -> tuple[int, int, int, int]:
    """The number, wire type, start and end of the part at a position."""
    key, at = _varint(data, at)
    number, wire_type = key >> 3, key & 7
    if wire_type == _SIZED:
        length, at = _varint(data, at)
        return number, wire_type, at, at + length
    if wire_type == _VARINT:
        return number, wire_type, at, _varint(data, at)[1]
    if wire_type in {_FOUR, _EIGHT}:
        return number, wire_type, at, at + (4 if wire_type == _FOUR else 8)
    raise WireError("not protobuf")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        if byte < 0x80:
            return value | byte << 7 * place, at + place + 1
        value |= (byte & 0x7F) << 7 * place
    raise WireError("not protobuf" if at + _LONGEST_VARINT <= len(data) else "the body is cut off")
