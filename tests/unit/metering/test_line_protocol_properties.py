"""What is written as line protocol is read back the same, whatever it holds; the splitter never loses a character."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from guance_portal.metering import line_protocol
from guance_portal.metering.line_protocol import TRACE_ID, VIEW_ID, BadLineError, ProtocolLine, lines, points
from tests.support.points import line_of
from tests.support.sizes import LONG, size

_INT64 = st.integers(-(2**63), 2**63 - 1)
_anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
# Names and tag values hold no newline without its escape, which stays a part of them, and no other backslash, which
# could not be told from an escape; InfluxDB skips tabs where a name may begin.
_plain = st.text(st.characters(codec="utf-8", exclude_characters="\0\n\t\\"), min_size=1, max_size=10)
_name = _plain | st.lists(_plain | st.sampled_from(["\\\n", "\\\r", "\r"]), min_size=1, max_size=4).map("".join)
_measurement = _name.filter(lambda name: name[0] not in "# \r")
# Numbers closer to zero than 2.3e-308 are refused by the parser, as if they were infinite.
_number = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
_value = st.one_of(_INT64, _number, st.booleans(), _anything)
_points = st.lists(
    st.builds(
        ProtocolLine,
        _measurement,
        st.dictionaries(_name, _name, max_size=4),
        # An id that was written as a number is read as its digits.
        st.dictionaries(_name.filter(lambda name: name not in {TRACE_ID, VIEW_ID}), _value, min_size=1, max_size=4),
        st.none() | st.integers(-(2**62), 2**62),
    ),
    max_size=6,
)
_between = st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\r\n", "\n# a comment\n", '\n  # f="\n'])


@given(written=_points, data=st.data())
@LONG
@settings(max_examples=size(300, 1_500))
def test_points_written_as_lines_are_read_back(written: list[ProtocolLine], data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(["", "\n", "# x\n", " "]))
    for point in written:
        body += line_of(point) + data.draw(_between)
    assert [line for group in points(body) for line in group] == written


@given(st.text(st.sampled_from('m,t= f"\\\n\r#1i')))
@LONG
@settings(max_examples=size(1000, 5_000))
def test_splitting_any_text_agrees_with_a_reading_character_by_character(body: str) -> None:
    try:
        found = [line for _, line in lines(body)]
    except BadLineError:
        found = None
    assert found == _slow_lines(body)


@given(st.text(st.sampled_from('m,t= f"\\\n\r#1i')), st.integers(1, 12))
@LONG
@settings(max_examples=size(1000, 5_000))
def test_splitting_agrees_wherever_the_reach_of_a_search_ends(body: str, longest: int) -> None:
    expected = _slow_lines(body)
    with patch.multiple(line_protocol, MAX_POINT=longest, _WINDOW=longest + 1):
        try:
            found = [line for _, line in lines(body)]
        except BadLineError:
            found = None
    if expected is None or max(map(len, expected), default=0) > longest:
        assert found is None
    elif found is None:  # a carriage return before the newline is no part of a line, but has its length
        assert "\r" in body
    else:
        assert found == expected


@given(st.text(st.sampled_from('m,t= f"\\\n\r#1i')))
@LONG
@settings(max_examples=size(1000, 5_000))
def test_any_text_is_either_read_or_refused_with_a_line_that_exists(body: str) -> None:
    assert 0 <= _fault_in(body) <= body.count("\n") + 1


@given(st.binary(max_size=200))
def test_any_bytes_are_either_read_or_refused(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    assert 0 <= _fault_in(text) <= text.count("\n") + 1


def _fault_in(body: str) -> int:
    try:
        list(points(body))
    except BadLineError as problem:
        return problem.number
    return 0


def _slow_lines(body: str) -> list[str] | None:
    """The same rules, one character after the other; None where a quoted value never ends."""
    found: list[str] = []
    at = 0
    while at < len(body):
        if body[at] in " \t\r\n":
            at += 1
        elif body[at] == "#":
            at = (body + "\n").index("\n", at)
        else:
            end = _end_of_fields(body, _end_of_key(body, at))
            if end is None:
                return None
            found.append(body[at:end].rstrip("\r"))
            at = end
    return found


def _end_of_key(body: str, at: int) -> int:
    """Where measurement and tags end: at a newline, or behind a space, the first that is not escaped.

    Backslashes count in pairs before a newline; before a space any will do.
    """
    start, is_second = at, False
    while at < len(body):
        if body[at] == "\n" and not is_second:
            return at
        if body[at] == " " and (at == start or body[at - 1] != "\\"):
            return at + 1
        is_second = body[at] == "\\" and not is_second
        at += 1
    return at


def _end_of_fields(body: str, at: int) -> int | None:
    while at < len(body) and body[at] != "\n":
        if body[at] == "\\" and at + 1 < len(body):
            at += 2
        elif body[at : at + 2] == '="':
            at += 2
            while at < len(body) and body[at] != '"':
                at += 2 if body[at] == "\\" else 1
            if at >= len(body):
                return None
            at += 1
        else:
            at += 1
    return at
