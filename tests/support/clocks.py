"""Time under the test's control."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it was moved to."""
        return self._now

    def move(self, **by: float) -> None:
        """Let time pass: `clock.move(minutes=31)`."""
        self._now += timedelta(**by)
