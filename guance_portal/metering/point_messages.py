"""The messages of `application/protobuf; proto=com.guance.Point`, in the four forms in which they are read.

The format has one definition (the names are its own; fields that nothing here asks for are left out, and unknown):

    message PBPoints { repeated PBPoint arr = 1; }
    message PBPoint { string name = 1; repeated Field fields = 2; int64 time = 3; }
    message Field { string key = 1; oneof val { ... }; bool is_tag = 8; }

It is declared here and not generated from a `.proto`, because most of the forms are no messages of it: they read the bytes
of all points, many points, or many fields, at once, column by column. Bytes that follow one another are one message whose singular fields
repeat, so declaring those as repeated gives every value of many messages in one call of the compiled runtime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from secrets import randbelow, token_bytes
from typing import Protocol, cast

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

POINT = 1
"""The number of a point in the body."""
NAME, FIELDS, TIME = 1, 2, 3
_KEY, _IS_TAG = 1, 8
_MARK = 20_000 + randbelow(2**29 - 20_000)

_TYPES = FieldDescriptorProto
_IN_POINT = {
    "name": (NAME, _TYPES.TYPE_STRING),
    "fields": (FIELDS, _TYPES.TYPE_BYTES),
    "time": (TIME, _TYPES.TYPE_INT64),
}
_VALUES = {
    "i": (2, _TYPES.TYPE_INT64),
    "u": (3, _TYPES.TYPE_UINT64),
    "f": (4, _TYPES.TYPE_DOUBLE),
    "b": (5, _TYPES.TYPE_BOOL),
    "d": (6, _TYPES.TYPE_BYTES),
    "a": (7, _TYPES.TYPE_BYTES),  # a message of any type, left unread
    "s": (11, _TYPES.TYPE_STRING),
}
_IN_FIELD = {"key": (_KEY, _TYPES.TYPE_STRING), "is_tag": (_IS_TAG, _TYPES.TYPE_BOOL)}


class Field(Protocol):
    """A tag or a field of a point."""

    key: str
    is_tag: bool
    s: str
    f: float

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802 - the runtime's name
        """Which of the values it has."""
        ...


class Body(Protocol):
    """The points of a body, still bytes."""

    arr: Sequence[bytes]


class PointColumns(Protocol):
    """What many points hold, in their order; fields are still bytes."""

    name: Sequence[str]
    fields: Sequence[bytes]
    time: Sequence[int]


class FieldColumns(Protocol):
    """What many fields hold, in their order."""

    key: Sequence[str]
    is_tag: Sequence[bool]
    i: Sequence[int]
    u: Sequence[int]
    f: Sequence[float]
    b: Sequence[bool]
    d: Sequence[bytes]
    a: Sequence[bytes]
    s: Sequence[str]
    mark: Sequence[bool]


def _declared() -> dict[str, type[Message]]:
    file = FileDescriptorProto(name="point_messages", package="points", syntax="proto3")
    body = file.message_type.add(name="Body")
    body.field.add(name="arr", number=POINT, type=_TYPES.TYPE_BYTES, label=_TYPES.LABEL_REPEATED)
    single = file.message_type.add(name="Field")
    single.oneof_decl.add(name="val")
    for name, (number, kind) in _IN_FIELD.items():
        single.field.add(name=name, number=number, type=kind, label=_TYPES.LABEL_OPTIONAL)
    for name, (number, kind) in _VALUES.items():
        single.field.add(name=name, number=number, type=kind, label=_TYPES.LABEL_OPTIONAL, oneof_index=0)
    mark = {"mark": (_MARK, _TYPES.TYPE_BOOL)}
    for message, members in {"PointColumns": _IN_POINT, "FieldColumns": _IN_FIELD | _VALUES | mark}.items():
        columns = file.message_type.add(name=message)
        for name, (number, kind) in members.items():
            columns.field.add(name=name, number=number, type=kind, label=_TYPES.LABEL_REPEATED)
    pool = DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    names = [message.name for message in file.message_type]
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"points.{name}")) for name in names}


_classes = _declared()
# Each raises DecodeError for bytes that are no such message, or hold text that is not UTF-8.
read_body = cast("Callable[[bytes], Body]", _classes["Body"].FromString)
read_field = cast("Callable[[bytes], Field]", _classes["Field"].FromString)
read_points = cast("Callable[[bytes], PointColumns]", _classes["PointColumns"].FromString)
read_fields = cast("Callable[[bytes], FieldColumns]", _classes["FieldColumns"].FromString)

# Nobody outside knows the marks (of a field's the number is the secret), so whatever stands between two of them was read
# from the bytes that were put there.
NAME_END = "\0"
POINT_END = token_bytes(16)


def _tag(number: int, wire_type: int) -> bytes:
    value, written = number << 3 | wire_type, bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*written, value))


_BEHIND_POINT = b"".join(
    _tag(number, 2) + bytes((len(mark),)) + mark for number, mark in ((NAME, NAME_END.encode()), (FIELDS, POINT_END))
)
_BEHIND_FIELD = _tag(_MARK, 0) + b"\1"


def read_many_points(points: list[bytes]) -> PointColumns:
    """Many points at once: behind the name and the fields of each stand NAME_END and POINT_END."""
    return read_points(_BEHIND_POINT.join((*points, b"")))


def read_many_fields(fields: list[bytes]) -> FieldColumns:
    """Many fields at once: `mark` holds as many values as there are fields, if each ends where it says."""
    return read_fields(_BEHIND_FIELD.join((*fields, b"")))
