"""What an act moves: shown before it is done, and compared when it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from guance_portal.ledger.chart import Kind

NEW = "new"
"""The key of a purse that the act itself opens: its number is known only then."""
_PURSES = (Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD)


class AccountPlace(NamedTuple):
    """An account in the books of a payer."""

    payer: int
    kind: str
    key: str
    currency: str


@dataclass(frozen=True, slots=True)
class EffectEntry:
    """An entry: a debit positive, a credit negative."""

    payer: int
    kind: str
    key: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Change:
    """A balance before and after: debits positive, credits negative."""

    payer: int
    kind: str
    key: str
    currency: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """The entries that an act writes, and the balances that it changes."""

    moves: tuple[EffectEntry, ...] = ()
    changes: tuple[Change, ...] = ()

    def is_as(self, other: Effect) -> bool:
        """Whether both do the same. Balances count only where no entry is written: others move them all the time."""
        return self.moves == other.moves and (bool(self.moves) or self.changes == other.changes)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def read(said: dict[str, Any]) -> Effect:
    """An effect that was kept."""
    return Effect(
        tuple(EffectEntry(**one) for one in said["moves"]),
        tuple(Change(**one) for one in said["changes"]),
    )


def effect(
    before: dict[AccountPlace, int],
    after: dict[AccountPlace, int],
    entries: Iterable[tuple[AccountPlace, int]],
    last_purse: int,
) -> Effect:
    """What happened between two looks at the balances; purses above `last_purse` were opened meanwhile."""

    def named(place: AccountPlace) -> AccountPlace:
        is_new = place.kind in _PURSES and int(place.key) > last_purse
        return place._replace(key=NEW) if is_new else place

    moved: dict[AccountPlace, int] = {}
    for place, minor in entries:
        moved[named(place)] = moved.get(named(place), 0) + minor
    changed = [
        Change(*named(place), before=before.get(place, 0), after=balance)
        for place, balance in sorted(after.items())
        if before.get(place, 0) != balance
    ]
    return Effect(
        tuple(EffectEntry(*place, minor=minor) for place, minor in sorted(moved.items()) if minor), tuple(changed)
    )
