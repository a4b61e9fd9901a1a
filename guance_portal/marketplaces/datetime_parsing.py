"""Dates and times as marketplaces write them: one form in their manuals, others in their messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_UNIX = re.compile(r"([0-9]{10})([0-9]{3})?")
_WRITTEN = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]{1,9})?"
    # A plus sign that was not escaped in an address arrives as a space.
    r"\s?(?:(Z|z)|([-+ ])([0-9]{2}):?([0-9]{2}))?"
)
_FIRST_YEAR = 1970


def parse_datetime(written: str, zone: tzinfo = UTC) -> datetime:
    """A date with a time of day, with `T` or a space, or Unix seconds or milliseconds; raises ValueError.

    `zone` is meant where none is named. Fractions of a second are left out.
    """
    if found := _UNIX.fullmatch(written):
        return datetime.fromtimestamp(int(found[1]), tz=UTC)
    found = _WRITTEN.fullmatch(written)
    if found is None or int(found[1]) < _FIRST_YEAR:
        raise ValueError("this is no date with a time")
    if found[7]:
        zone = UTC
    elif found[8]:
        ahead = timedelta(hours=int(found[9]), minutes=int(found[10]))
        zone = timezone(-ahead if found[8] == "-" else ahead)
    year, month, day, hour, minute, second = (int(found[number]) for number in range(1, 7))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise ValueError("this is no date with a time") from None
