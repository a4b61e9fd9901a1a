"""Clocks, passed to services as arguments: tests and the sandbox can stop or move them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock: sessions, codes and tickets always use it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class BusinessClock:
    """Business time: billing days, months and countdowns. Another clock, and what the sandbox moved it by.

    It goes on at the pace of the other clock. Outside the sandbox nothing ever moves it.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The present business moment, aware, in UTC."""
        return self._base.now() + self.ahead

    @property
    def is_moved(self) -> bool:
        """Whether it differs from the other clock."""
        return bool(self.ahead)

    def show(self, moment: datetime) -> None:
        """Let it show this moment now, to the second: for tests, and for code that has read where it was moved to."""
        self.ahead = timedelta(seconds=round((moment - self._base.now()).total_seconds()))
