"""Points count the same in both forms; and however a body is damaged, both ways of reading it agree."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guance_portal.metering import protobuf, wire
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import BodyFormat, count
from guance_portal.metering.line_protocol import ProtocolLine
from guance_portal.metering.points import UnreadableError
from guance_portal.metering.protobuf import ProtobufPoints
from tests.support.points import body_of, datakit_field, line_of, message, plain_field, point_of
from tests.support.sizes import LONG, size

# What line protocol can say: names and tag values hold no newline and no backslash; no number is nearer to zero than it
# reads. Ids are no fractions, of which it keeps every digit as written.
_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_name = st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r\t\\"), min_size=1, max_size=10)
_measurement = st.sampled_from(["view", "HOST", "host", "cpu"]) | _name.filter(lambda name: name[0] not in "# ")
_known = st.sampled_from(["trace_id", "view_id", "host", "name"])
_number = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
_id = st.sampled_from(["a", "b", 7, 2**62, True]) | _text
_fields = st.dictionaries(_known, _id, max_size=2).flatmap(
    lambda known: st.dictionaries(
        _name, st.integers(-(2**63), 2**63 - 1) | _number | st.booleans() | _text, min_size=1, max_size=3
    ).map(lambda others: others | known)
)
_tags = st.dictionaries(_known | _name, st.sampled_from(["a", "b"]) | _name, max_size=4)
_times = st.none() | st.integers(1, 2**62)
_points = st.lists(st.builds(ProtocolLine, _measurement, _tags, _fields, _times), min_size=1, max_size=8)


@given(written=_points, category=st.sampled_from(Category), group=st.sampled_from([1, 3, 128]))
@LONG
@settings(max_examples=size(400, 2_000))
def test_the_same_points_count_the_same_in_both_forms(
    written: list[ProtocolLine], category: Category, group: int
) -> None:
    lines = count(category, "\n".join(map(line_of, written)).encode())
    with patch.object(wire, "GROUP", group):
        assert count(category, body_of(map(point_of, written)), form=BodyFormat.PROTOBUF) == lines


@pytest.mark.parametrize("field", [datakit_field, plain_field])
def test_a_point_counts_the_same_for_every_writer(field: Callable[..., bytes]) -> None:
    parts = [field("host", "web-1", is_tag=True), field("core", "0", is_tag=True), field("idle", 9.5), field("n", 7)]
    batch = count(
        Category("metric"), body_of([message("cpu", parts, 5), message("cpu", parts[::-1])]), form=BodyFormat.PROTOBUF
    )
    line = b"cpu,core=0,host=web-1 idle=9.5,n=7i 5\n"
    assert batch == count(Category("metric"), 2 * line)


@given(written=_points, data=st.data())
@LONG
@settings(max_examples=size(600, 3_000))
def test_a_damaged_body_is_read_alike_in_groups_and_point_by_point(
    written: list[ProtocolLine], data: st.DataObject
) -> None:
    body = bytearray(body_of(map(point_of, written)))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.sampled_from(["set", "cut", "add"])):
            case "set":
                body[place] = data.draw(st.integers(0, 255))
            case "cut":
                del body[place : place + data.draw(st.integers(1, 4))]
            case _:
                body[place:place] = data.draw(st.binary(min_size=1, max_size=4))
        if not body:
            return
    assert _read(bytes(body)) == _read_singly(bytes(body))


@given(st.binary(max_size=200))
@LONG
@settings(max_examples=size(400, 2_000))
def test_any_bytes_are_either_read_or_refused(body: bytes) -> None:
    assert _read(body) == _read_singly(body)


def _read(body: bytes) -> list[tuple[str, str, str]] | tuple[int, str]:
    """Series, host and all of each point; or the number and reason of the fault."""
    try:
        return [point for group in protobuf.points(body) for point in _said(group)]
    except UnreadableError as problem:
        return problem.number, problem.reason


def _said(group: ProtobufPoints) -> list[tuple[str, str, str]]:
    return [
        (series, host, group.whole(place))
        for place, (series, host) in enumerate(zip(group.series(), group.named("host"), strict=True))
    ]


def _read_singly(body: bytes) -> list[tuple[str, str, str]] | tuple[int, str]:
    with patch.object(protobuf._Reader, "plain", return_value=None):
        return _read(body)
