"""InfluxDB line protocol as DataKit writes it: a body into lines, a line into a point.

The splitting is ours, because a newline inside a quoted field value does not end a line; each line is
then read by `line_protocol_parser`, which follows InfluxDB 1.x.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from line_protocol_parser import LineFormatError, parse_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_LINE = 1024 * 1024
"""Characters of one line."""

# Limits that DataKit itself keeps (docs: DataKit API, line protocol limitation).
MAX_TAGS = 256
MAX_FIELDS = 1024
MAX_TAG_KEY = 256
MAX_TAG_VALUE = 1024
MAX_KEY = 65535
"""Characters of measurement and tags together (InfluxDB 1.x allows as many bytes)."""

TRACE_ID = "trace_id"

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

_LAST_MOMENT = 2**63 - 1

# Blank lines and comments, then one line from its first character to its newline, in three states. Until the first
# unescaped space (measurement and tags) quotes mean nothing; after it a quote right behind `=` opens a text, in which
# only an unescaped quote means anything. Possessive throughout: no input can make it backtrack.
_LINE = re.compile(
    r"""
    (?: [ \t\r\n]++ | (?P<comment> \#[^\n]*+ ) )*+
    (?P<line>
      (?: [^ \n]++ | (?<=\\)[ ] )*+
      (?: [ ]
        (?: [^\\\n=]++
          | \\[^\n]?+
          | = (?: " (?: [^"\\]++ | \\. )*+ (?: " | (?P<open> \\?+ \Z ) ) )?+
        )*+
      )?+
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_WINDOW = MAX_LINE + 1
"""Characters that one match looks at: it holds the interpreter meanwhile."""
_IN_TEXT = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)

# Measurement and tags: up to the first unescaped space.
_KEY = re.compile(r"(?: [^ ]++ | (?<=\\)[ ] )*+", re.VERBOSE)
_QUOTED = re.compile(r'(?<=[^\\]=)"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TRACE_NUMBER = re.compile(rf"(?:^|(?<!\\),)\s*{TRACE_ID}=([^,\s]+)")


class BadLineError(ValueError):
    """A body that cannot be taken: the number of the line (from 1) where the fault begins, and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")
        self.number, self.reason = number, reason


class Point(NamedTuple):
    """One line as read. Field values are str, int, float or bool; `time` counts ticks of the precision."""

    measurement: str
    tags: dict[str, str]
    fields: dict[str, str | int | float | bool]
    time: int | None = None

    def named(self, key: str) -> str:
        """The tag of that name, else the field of that name as text; empty when there is neither."""
        value = self.tags.get(key)
        return value if value is not None else str(self.fields.get(key, ""))


def decode(body: bytes) -> str:
    """The body as text; raises BadLineError at the first byte that is not UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as problem:
        raise BadLineError(body.count(b"\n", 0, problem.start) + 1, "not valid UTF-8") from None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line that holds a point, with the position in the text where it begins.

    Blank lines, comments (first character #) and the carriage return of CRLF are left out.
    Raises BadLineError for a quoted value that never ends and for a line longer than MAX_LINE.
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
            if end - start > MAX_LINE:
                raise bad(text, start, f"longer than {MAX_LINE} characters")
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


def points(text: str, precision: str = "n") -> Iterator[Point]:
    """Every point of a body; `precision` is a key of NANOSECONDS. Raises BadLineError at the first fault."""
    tick = NANOSECONDS[precision]
    for position, line in lines(text):
        if fault := _shape_fault(line):
            raise bad(text, position, fault)
        try:
            read = cast("dict[str, Any]", parse_line(line))  # None is for comments, which `lines` leaves out
        except LineFormatError as problem:
            raise bad(text, position, _plain(problem)) from None
        point = Point(**read)
        # A line this short can hold neither a name nor a number of things that is too large.
        fault = _fault(point) if len(line) > MAX_TAG_KEY else ""
        if fault := fault or _time_fault(point.time, tick):
            raise bad(text, position, fault)
        if type(point.fields.get(TRACE_ID)) is float:
            point.fields[TRACE_ID] = _trace_number(line)
        yield point


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


def _trace_number(line: str) -> str:
    """A trace id that was written as a number, digit by digit: as a float it would be the same as its neighbours."""
    key = cast("re.Match[str]", _KEY.match(line))[0]
    found = _TRACE_NUMBER.findall(_QUOTED.sub("", line[len(key) :]))
    return found[-1]


def _fault(point: Point) -> str:
    if max(map(len, point.tags), default=0) > MAX_TAG_KEY:
        return f"a tag name longer than {MAX_TAG_KEY} characters"
    if max(map(len, point.tags.values()), default=0) > MAX_TAG_VALUE:
        return f"a tag value longer than {MAX_TAG_VALUE} characters"
    return ""
