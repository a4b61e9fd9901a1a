"""What stands in an address is read in one place, and is harmless there whatever it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import guance_portal.state
from guance_portal.state.addresses import asked_day, asked_page, asked_text

STATES = Path(guance_portal.state.__file__).parent


def test_no_state_reads_the_address_by_itself() -> None:
    readers = {path.name for path in STATES.rglob("*.py") if "query_parameters" in path.read_text("utf-8")}
    assert readers == {"base.py"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("云帆", "云帆"),
        ("x" * 300, "x" * 200),
        ("\0", ""),
        ("a\nb", ""),
        ("\ud800", ""),
        ("\u202e", ""),
        ("a b", "a b"),
    ],
)
def test_a_text_is_short_and_printable(written: str, text: str) -> None:
    assert asked_text(written) == text


@pytest.mark.parametrize(
    ("written", "page"),
    [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 40, 1), ("999999999", 10**6)],
)
def test_a_page_is_a_number_whatever_the_address_holds(written: str, page: int) -> None:
    assert asked_page(written) == page


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("1970-01-01", date(1970, 1, 1)),
        ("2999-12-31", date(2999, 12, 31)),
        ("9999-12-31", None),
        ("0001-01-01", None),
        ("2026-02-30", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_day_has_days_before_and_after_it(written: str, day: date | None) -> None:
    assert asked_day(written) == day
