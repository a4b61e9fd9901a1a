"""What of a protobuf body is refused, at which point, and how little is built before it is."""

import tracemalloc
from time import process_time

import pytest
from google.protobuf.internal import api_implementation

from guance_portal.metering import wire
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import BodyFormat, count, counting
from guance_portal.metering.points import MAX_FIELDS, MAX_TAGS, UnreadableError
from tests.support.points import Value, body_of, message, part, plain_field, varint

GOOD = message("m", [plain_field("f", 1)])
TAG = plain_field("t", "1", is_tag=True)


def point(*fields: bytes, name: str = "m", time: int | None = None) -> bytes:
    return message(name, fields or [plain_field("f", 1)], time)


def field(value: Value, name: str = "f") -> bytes:
    return point(plain_field(name, value))


def refuse(body: bytes) -> tuple[int, str]:
    with pytest.raises(UnreadableError) as caught:
        count(Category("metric"), body, form=BodyFormat.PROTOBUF)
    return caught.value.number, caught.value.reason


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (message("", [plain_field("f", 1)]), "no measurement"),
        (message("m", []), "no field with a value"),
        (point(TAG), "no field with a value"),
        (field(None), "no field with a value"),
        (field(1, ""), "a field without a name"),
        (field(float("nan")), "a field value that is not a finite number"),
        (field(float("-inf")), "a field value that is not a finite number"),
        (field("a\0b"), "a NUL character"),
        (field(1, "a\0b"), "a NUL character"),
        (point(name="m\0"), "a NUL character"),
        (point(plain_field("t", "a\0b", is_tag=True), plain_field("f", 1)), "a NUL character"),
        (point(plain_field("a\0b", "t", is_tag=True), plain_field("f", 1)), "a NUL character"),
        (point(plain_field("", "a", is_tag=True), plain_field("f", 1)), "a tag without a name"),
        (point(plain_field("t", 5, is_tag=True), plain_field("f", 1)), "a tag value that is not text"),
        (point(TAG, TAG, plain_field("f", 1)), "two tags of one name"),
        (point(TAG, plain_field("t", "2", is_tag=True), plain_field("f", 1)), "two tags of one name"),
        (point(plain_field("t" * 257, "1", is_tag=True), plain_field("f", 1)), "a tag name longer than 256 characters"),
        (
            point(plain_field("t", "云" * 1025, is_tag=True), plain_field("f", 1)),
            "a tag value longer than 1024 characters",
        ),
        (point(name="云" * 21_846), "measurement and tags longer than 65535 bytes"),
        (point(time=-(2**63)), "the time does not fit 64 bits of nanoseconds"),
        (point(part(1, b"f") + part(11, b"\xff")), "not valid UTF-8"),
        (point(part(1, b"\xe4") + varint(5 << 3) + b"\1"), "not valid UTF-8"),
        (part(1, b"\xff") + part(2, plain_field("f", 1)), "not valid UTF-8"),
        (part(1, b"m") + part(2, b"\x0a\x05f"), "not protobuf"),
        (part(1, b"m") + b"\x12\x7f", "not protobuf"),
        (field("x" * (4 * 1024 * 1024)), "longer than 1048576 characters"),
        (field("云" * (1024 * 1024)), "longer than 1048576 characters"),
    ],
    ids=range(27),
)
@pytest.mark.parametrize("before", [0, 1, 200])
def test_a_bad_point_is_refused_by_its_number(bad: bytes, reason: str, before: int) -> None:
    assert refuse(body_of([*[GOOD] * before, bad, GOOD])) == (before + 1, reason)


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        (part(1, GOOD)[:-1], "the body is cut off"),
        (b"\x0a", "the body is cut off"),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "not protobuf"),
        (b"\x0a\xff\xff\xff\xff\x0f", "the body is cut off"),
        (b'{"measurement":"m"}', "not protobuf"),
        (b"\0", "the body is cut off"),
        (b"\x0b\x0c", "not protobuf"),
    ],
    ids=range(7),
)
@pytest.mark.parametrize("before", [0, 130])
def test_a_body_that_breaks_off_is_refused_behind_its_last_point(tail: bytes, reason: str, before: int) -> None:
    assert refuse(body_of([GOOD] * before) + tail) == (before + 1, reason)


def test_all_that_may_be_is_taken() -> None:
    tags = [plain_field(f"{n:0256}", "x" * 200, is_tag=True) for n in range(100)]
    full = point(*tags, *(plain_field(f"f{n}", n / 7) for n in range(MAX_FIELDS)))
    many = point(*(plain_field(f"t{n}", "1", is_tag=True) for n in range(MAX_TAGS)), plain_field("f", "云" * 1_000_000))
    values: list[Value] = [0, -(2**63), 2**64 - 1, 0.0, 5e-324, True, False, "", "\n", b"", b"\0"]
    each = point(*(plain_field(f"f{n}", value) for n, value in enumerate(values)), time=-(2**63) + 1)
    assert count(Category("metric"), body_of([full, many, each]), form=BodyFormat.PROTOBUF).points == 3


def test_one_tag_or_field_too_many_is_refused() -> None:
    tags = [plain_field(f"t{n}", "1", is_tag=True) for n in range(MAX_TAGS + 1)]
    fields = [plain_field(f"f{n}", n) for n in range(MAX_FIELDS + 1)]
    assert refuse(body_of([point(*tags, plain_field("f", 1))])) == (1, "more than 256 tags")
    assert refuse(body_of([point(*fields)])) == (1, "more than 1024 fields")
    assert refuse(body_of([point(*fields, *fields)])) == (1, f"more than {wire.MAX_PARTS} parts")


def test_what_a_newer_datakit_adds_is_passed_over() -> None:
    new = b"".join(
        (varint(900 << 3) + b"\5", varint(901 << 3 | 1) + bytes(8), part(902, b"x"), varint(903 << 3 | 5) + bytes(4))
    )
    warned = part(4, part(1, b"type") + part(2, b"\xff"))
    known = part(1, b"f") + varint(2 << 3) + b"\1" + varint(9 << 3) + b"\3" + part(10, b"ms") + part(12, b"what")
    body = new + part(1, part(1, b"m") + new + part(2, known + new) + warned + new) + new + part(1, GOOD) + new
    batch = count(Category("metric"), body, form=BodyFormat.PROTOBUF)
    assert (batch.points, batch.things) == (2, 1)


def test_a_value_of_a_type_that_lines_do_not_have_counts_as_any_field() -> None:
    any_of = part(1, b"f") + part(7, part(1, b"type.googleapis.com/point.Array") + part(2, b"\xff"))
    batch = count(Category("logging"), body_of([point(any_of), field(b"\xff\0")]), form=BodyFormat.PROTOBUF)
    assert (batch.points, batch.quantity) == (2, 2)


def test_empty_tags_and_fields_without_a_value_are_left_out_as_datakit_does_in_lines() -> None:
    empty, nothing = plain_field("e", "", is_tag=True), plain_field("n", None)
    body = body_of([point(TAG, plain_field("f", 1)), point(TAG, empty, nothing, plain_field("f", 1))])
    assert (
        count(Category("metric"), body, form=BodyFormat.PROTOBUF).seen == count(Category("metric"), b"m,t=1 f=1").seen
    )


def test_the_runtime_that_reads_bodies_is_compiled() -> None:
    assert api_implementation.Type() == "upb"


@pytest.mark.parametrize("body", [b"", varint(900 << 3) + b"\5"])
def test_a_body_without_a_point_holds_none(body: bytes) -> None:
    assert count(Category("metric"), body, form=BodyFormat.PROTOBUF).points == 0


_TEN = 10 * 1024 * 1024
_HOSTILE = {
    "nothing but points": part(1, GOOD) + b"\x0a\x00" * (_TEN // 2 - 20),
    "a small body of nothing but points": part(1, GOOD) + b"\x0a\x00" * 500_000,
    "one point of nothing but fields": part(1, part(1, b"m") + b"\x12\x00" * (_TEN // 2 - 20)),
    "a point of a million fields": part(1, part(1, b"m") + b"\x12\x00" * 500_000),
    "a point of a million times": part(1, part(1, b"m") + b"\x18\x00" * 500_000),
    "a point of a million names": part(1, part(1, b"m") * 300_000),
    "groups in groups": part(1, part(1, b"m") + b"\x23" * 1_000_000),
    "groups in groups in a field": part(1, part(1, b"m") + part(2, b"\x6b" * 1_000_000)),
    "nothing but unknown parts": b"\x10\x00" * (_TEN // 2),
    "one field of a million values": part(1, part(1, b"m") + part(2, part(1, b"f") + b"\x10\x00" * 500_000)),
    "many fields of many values": body_of([part(1, b"m") + part(2, part(1, b"f") + b"\x10\x00" * 30_000)] * 20),
    "fields without a value": body_of([part(1, b"m") + part(2, part(1, b"f")) * 1_300] * 100),
    "points of new tags": body_of(
        [point(plain_field(f"{n}", "1", is_tag=True), plain_field("f", 1)) for n in range(6_000)]
    ),
}


@pytest.mark.parametrize("body", _HOSTILE.values(), ids=_HOSTILE)
def test_no_step_over_a_hostile_body_is_long(body: bytes) -> None:
    """Aimed at 20 ms of the processor's own time. Ten times as much would be felt by others."""
    assert min(_longest_step(body) for _ in range(2)) < 0.3


@pytest.mark.parametrize("body", _HOSTILE.values(), ids=_HOSTILE)
def test_little_is_built_from_a_hostile_body(body: bytes) -> None:
    tracemalloc.start()
    _longest_step(body)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 * 1024 * 1024


def _longest_step(body: bytes) -> float:
    steps, longest = counting(Category("metric"), body, form=BodyFormat.PROTOBUF), 0.0
    while True:
        start = process_time()
        try:
            next(steps)
        except (StopIteration, UnreadableError):
            return max(longest, process_time() - start)
        longest = max(longest, process_time() - start)
