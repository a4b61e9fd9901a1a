"""What the address of a page asks for, read in one place: a visitor may write anything there.

States ask `PageMixin._asked`; a test holds them to it.
"""

from __future__ import annotations

from datetime import date

LONGEST_ASKED = 200
_MOST_PAGES = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def asked_text(written: object, longest: int = LONGEST_ASKED) -> str:
    """A text, cut to its longest; empty when it holds what no database takes and nobody types (control characters)."""
    given = str(written)[:longest]
    return given if given.isprintable() else ""


def asked_page(written: str) -> int:
    """A page counted from 1."""
    is_number = written.isascii() and written.isdigit() and len(written) < 10
    return max(1, min(int(written), _MOST_PAGES)) if is_number else 1


def asked_day(written: str) -> date | None:
    """A day (2026-11-23) that has days before and after it in every calendar; None for anything else."""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
