"""InfluxDB line protocol as DataKit writes it: a body into lines, a line into a point.

The splitting is ours, because a newline inside a quoted field value does not end a line; each line is
then read by `line_protocol_parser`, which follows InfluxDB 1.x.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from line_protocol_parser import LineFormatError

from guance_portal.metering.line_parser import parse_line
from guance_portal.metering.points import (
    MAX_FIELDS,
    MAX_KEY,
    MAX_POINT,
    MAX_TAG_KEY,
    MAX_TAGS,
    TRACE_ID,
    VIEW_ID,
    UnreadableError,
    series_of,
    tag_fault,
    whole_of,
)

NANOSECONDS = {
    "n": 1,
    "ns": 1,
    "u": 10**3,
    "us": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
"""Nanoseconds in one tick of each precision, as InfluxDB and DataKit spell them."""

GROUP = 32
GROUP_CHARACTERS = 64 * 1024
"""Lines that are handed on together: so many, or as few as have more characters."""

_LAST_MOMENT = 2**63 - 1

# Blank lines and comments, then one line from its first character to its newline, in three states. Until the first
# unescaped space (measurement and tags) quotes mean nothing; after it a quote right behind `=` opens a text, in which
# only an unescaped quote means anything. As in InfluxDB 1.x, backslashes count in pairs before a newline, which the
# odd one escapes, while any backslash escapes a space. Possessive throughout: no input can make it backtrack.
_LINE = re.compile(
    r"""
    (?: [ \t\r\n]++ | (?P<comment> \#[^\n]*+ ) )*+
    (?P<line>
      (?: [^ \n\\]++ | (?:\\\\)++ | \\\n?+ | (?<=\\)[ ] )*+
      (?: [ ]
        (?: [^\\\n=]++
          | \\.?+
          | = (?: " (?: [^"\\]++ | \\. )*+ (?: " | (?P<open> \\?+ \Z ) ) )?+
        )*+
      )?+
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_WINDOW = MAX_POINT + 1
"""Characters that one match looks at: it holds the interpreter meanwhile."""
_IN_TEXT = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)

# Measurement and tags: up to the first unescaped space.
_KEY = re.compile(r"(?: [^ ]++ | (?<=\\)[ ] )*+", re.VERBOSE)
_QUOTED = re.compile(r'(?<=[^\\]=)"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_DIGITS = {name: re.compile(rf"(?:^|(?<!\\),)\s*{name}=([^,\s]+)") for name in (TRACE_ID, VIEW_ID)}


class BadLineError(UnreadableError):
    """A body of lines that cannot be taken."""

    place = "line"


class _FaultError(ValueError):
    """Why a line cannot be taken."""


class ProtocolLine(NamedTuple):
    """One line as read. Field values are str, int, float or bool; `time` counts ticks of the precision."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, str | int | float | bool]
    time: int | None = None

    def named(self, key: str) -> str:
        """The tag of that name, else the field of that name as text; empty when there is neither."""
        value = self.tags.get(key)
        return value if value is not None else str(self.fields.get(key, ""))


class LinePoints(list[ProtocolLine]):
    """Some lines as read: `Points`."""

    @property
    def measurements(self) -> list[str]:
        """What each measured."""
        return [line.measurement for line in self]

    def series(self) -> list[str]:
        """The series of each."""
        return [series_of(line.measurement, line.tags) for line in self]

    def named(self, key: str) -> list[str]:
        """The tag of that name of each, else its field of that name as text."""
        return [line.named(key) for line in self]

    def whole(self, place: int) -> str:
        """All that one of them says."""
        return whole_of(*self[place])


def decode(body: bytes) -> str:
    """The body as text; raises BadLineError at the first byte that is not UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise BadLineError(body.count(b"\n", 0, problem.start) + 1, "not valid UTF-8") from None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line that holds a point, with the position in the text where it begins.

    Blank lines, comments (first character #) and the carriage return of CRLF are left out.
    Raises BadLineError for a quoted value that never ends and for a line longer than MAX_POINT.
    """
    at, length = 0, len(text)
    match = cast("Callable[[str, int, int], re.Match[str]]", _LINE.match)  # nothing at all matches too
    while at < length:
        window = at + _WINDOW
        found = match(text, at, window)
        start, end = found.span("line")
        if end < window or start == at:
            if found.start("open") >= 0 and not _is_closed(text, found.start("open")):
                raise bad(text, start, "a quoted value is not closed")
            if end - start > MAX_POINT:
                raise bad(text, start, f"longer than {MAX_POINT} characters")
            if start < end:
                yield start, text[start:end].rstrip("\r")
            at = end
        elif found.end("comment") == window:
            at = (text.find("\n", window) + 1) or length
        else:  # the window ended in blanks, or in a line that may be whole when the next one begins with it
            at = start


def _is_closed(text: str, at: int) -> bool:
    """Whether a quoted value that goes on at a position ends somewhere, however long it is."""
    while at < len(text):
        end = cast("re.Match[str]", _IN_TEXT.match(text, at, at + _WINDOW)).end()
        if end == at:
            return text[at] == '"'
        at = end
    return False


def bad(text: str, position: int, reason: str) -> BadLineError:
    """The fault at a position of the text, by the number of the line there."""
    return BadLineError(text.count("\n", 0, position) + 1, reason)


def points(text: str, precision: str = "n") -> Iterator[LinePoints]:
    """Every point of a body, some at a time; `precision` is a key of NANOSECONDS. Raises BadLineError at a fault."""
    tick = NANOSECONDS[precision]
    group, size = LinePoints(), 0
    for position, line in lines(text):
        try:
            group.append(_read(line, tick))
        except _FaultError as problem:
            raise bad(text, position, str(problem)) from None
        size += len(line)
        if len(group) == GROUP or size > GROUP_CHARACTERS:
            yield group
            group, size = LinePoints(), 0
    if group:
        yield group


def _read(text: str, tick: int) -> ProtocolLine:
    if fault := _shape_fault(text):
        raise _FaultError(fault)
    try:
        line = ProtocolLine(**parse_line(text))
    except LineFormatError as problem:
        raise _FaultError(_plain(problem)) from None
    # A line this short can hold neither a name nor a number of things that is too large.
    fault = tag_fault(line.tags) if len(text) > MAX_TAG_KEY else ""
    if fault := fault or _time_fault(line.time, tick):
        raise _FaultError(fault)
    for name, digits in _DIGITS.items():
        if type(line.fields.get(name)) is float:
            line.fields[name] = _as_written(digits, text)
    return line


def _plain(problem: LineFormatError) -> str:
    reason = str(problem).strip().rstrip(".")
    return reason[:1].lower() + reason[1:]


def _time_fault(time: int | None, tick: int) -> str:
    if time is None or abs(time) * tick <= _LAST_MOMENT:
        return ""
    return "the time does not fit 64 bits of nanoseconds"


def _shape_fault(line: str) -> str:
    """What of a line is too much to be read at all.

    The parser compares every tag with every other and holds the interpreter meanwhile: a line of 64 kB with nothing
    but tags would stop the portal for a quarter of a second. So tags and fields are counted before it is asked.
    """
    if len(line) <= MAX_KEY and line.count(",") < MAX_TAGS:
        return ""
    key = cast("re.Match[str]", _KEY.match(line))[0]
    if len(key) > MAX_KEY:
        return f"measurement and tags longer than {MAX_KEY} characters"
    if _separators(key) > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    # Texts may hold as many commas as they like.
    if line.count(",", len(key)) >= MAX_FIELDS and _separators(_QUOTED.sub("", line[len(key) :])) >= MAX_FIELDS:
        return f"more than {MAX_FIELDS} fields"
    return ""


def _separators(part: str) -> int:
    """The commas of a part of a line that no backslash escapes."""
    return part.count(",") - part.count("\\,")


def _as_written(digits: re.Pattern[str], line: str) -> str:
    """An id that was written as a number, digit by digit: as a float it would be the same as its neighbours."""
    key = cast("re.Match[str]", _KEY.match(line))[0]
    found = digits.findall(_QUOTED.sub("", line[len(key) :]))
    return found[-1]
