"""Points written as line protocol and as protobuf, byte by byte and with nothing of the portal's own readers."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from guance_portal.metering.line_protocol import ProtocolLine

Value = str | int | float | bool | bytes | None

PROTOBUF = "application/protobuf; proto=com.guance.Point"


def line_of(point: ProtocolLine) -> str:
    """As a line of InfluxDB's protocol."""
    tags = "".join(f",{_key(name)}={_key(value)}" for name, value in point.tags.items())
    fields = ",".join(f"{_key(name)}={_field(value)}" for name, value in point.fields.items())
    time = "" if point.time is None else f" {point.time}"
    return f"{_escaped(point.measurement, ', ')}{tags} {fields}{time}"


def _key(name: str) -> str:
    return _escaped(name, ",= ")


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{character}" if character in special else character for character in text)


def _field(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "f"
    if isinstance(value, int):
        return f"{value}i"
    if isinstance(value, float):
        return repr(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def body_of(points: Iterable[bytes]) -> bytes:
    """A protobuf body of points (`PBPoints`)."""
    return b"".join(part(1, point) for point in points)


def point_of(point: ProtocolLine) -> bytes:
    """As a protobuf point, written as DataKit does: a tag's mark behind its value, and nothing left out."""
    tags = [datakit_field(name, value, is_tag=True) for name, value in point.tags.items()]
    fields = [datakit_field(name, value) for name, value in point.fields.items()]
    return message(point.measurement, (*tags, *fields), point.time or 0)


def message(measurement: str, fields: Iterable[bytes], time: int | None = None) -> bytes:
    """A point (`PBPoint`) of fields that are written already."""
    written = part(1, measurement.encode()) + b"".join(part(2, field) for field in fields)
    return written if time is None else written + varint(3 << 3) + varint(time)


def datakit_field(name: str, value: Value, *, is_tag: bool = False) -> bytes:
    """A field as DataKit's own writer does it: what is empty is written too."""
    mark, kind, unit, description = (
        varint(8 << 3) + bytes((is_tag,)),
        varint(9 << 3) + b"\0",
        part(10, b""),
        part(12, b""),
    )
    return part(1, name.encode()) + value_of(value) + mark + kind + unit + description


def plain_field(name: str, value: Value, *, is_tag: bool = False) -> bytes:
    """A field as Google's encoders do it: in the order of numbers, and what is empty is left out."""
    mark = varint(8 << 3) + b"\1" if is_tag else b""
    text = value_of(value)
    return part(1, name.encode()) + (mark + text if isinstance(value, str) else text + mark)


def value_of(value: Value) -> bytes:
    """The value of a field by its type; nothing for None."""
    match value:
        case None:
            return b""
        case bool():
            return varint(5 << 3) + bytes((value,))
        case int() if value < 2**63:
            return varint(2 << 3) + varint(value)
        case int():
            return varint(3 << 3) + varint(value)
        case float():
            return varint(4 << 3 | 1) + struct.pack("<d", value)
        case bytes():
            return part(6, value)
        case str():
            return part(11, value.encode())


def part(number: int, content: bytes) -> bytes:
    """A part of a message that has a length."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """A number of 64 bits, seven of them a byte."""
    value %= 2**64
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))
