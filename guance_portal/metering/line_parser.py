"""The parser of one line of line protocol, which follows InfluxDB 1.x, with its one gap closed: breaks in names and tags."""

from __future__ import annotations

from itertools import islice
from typing import Any, cast

import line_protocol_parser
from line_protocol_parser import LineFormatError

_PLACEHOLDERS = range(0xE000, 0x110000)
"""Code points from the private area on: more than the characters that a line may have."""


def parse_line(line: str) -> dict[str, Any]:
    """Measurement, tags, fields and time of a line that is no comment; raises LineFormatError."""
    try:
        return _parse(line)
    except LineFormatError:
        if "\r" not in line and "\n" not in line:
            raise
        return _with_breaks(line)


def _parse(line: str) -> dict[str, Any]:
    return cast("dict[str, Any]", line_protocol_parser.parse_line(line))


def _with_breaks(line: str) -> dict[str, Any]:
    """A line with a carriage return or an escaped newline in a name or a tag, which InfluxDB 1.x takes as they are.

    The parser takes them in texts alone, so others stand in for them, which the line does not hold.
    """
    there = set(line)
    carriage_return, newline = islice((chr(code) for code in _PLACEHOLDERS if chr(code) not in there), 2)
    back = str.maketrans({carriage_return: "\r", newline: "\n"})
    read = _parse(line.replace("\r", carriage_return).replace("\n", newline))
    fields = {
        name.translate(back): value.translate(back) if isinstance(value, str) else value
        for name, value in read["fields"].items()
    }
    tags = {name.translate(back): value.translate(back) for name, value in read["tags"].items()}
    return {**read, "measurement": read["measurement"].translate(back), "tags": tags, "fields": fields}
