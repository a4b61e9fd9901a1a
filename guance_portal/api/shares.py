"""Limits how much of a resource of the process one holder (a person, an address) may have at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager

_SPARED = 4


class NoShareError(Exception):
    """The holder has its share already, or the process has no more to give."""


class Shares:
    """So much of one kind in all, and so much for each holder.

    The last quarter is for those who hold little: however many there are who take their whole share, somebody who comes
    with a first request finds room.
    """

    def __init__(self, total: int, each: int) -> None:
        self._total, self._each, self._taken = total, each, 0
        self._held: defaultdict[str, int] = defaultdict(int)

    def take(self, holder: str, amount: int = 1) -> None:
        """Take so much; raises NoShareError, and then nothing is taken."""
        mine = self._held.get(holder, 0) + amount
        is_little = mine <= max(1, self._each // _SPARED)
        room = self._total if is_little else self._total - self._total // _SPARED
        if mine > self._each or self._taken + amount > room:
            raise NoShareError
        self._held[holder] = mine
        self._taken += amount

    def give_back(self, holder: str, amount: int = 1) -> None:
        """Return so much of what was taken."""
        self._held[holder] -= amount
        self._taken -= amount
        if not self._held[holder]:
            del self._held[holder]

    @contextmanager
    def held(self, holder: str, amount: int = 1) -> Generator[None]:
        """Have so much for the length of a block; raises NoShareError."""
        self.take(holder, amount)
        try:
            yield
        finally:
            self.give_back(holder, amount)

    def __contains__(self, holder: str) -> bool:
        """Whether it has anything."""
        return holder in self._held
