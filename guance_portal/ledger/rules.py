"""What a transaction is, when it is one, and how transactions are chained. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import NamedTuple, Self

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind

HOUSE = 0
"""The payer number of the house. Money that no customer has been found for yet is booked there."""
NOTHING_BEFORE = bytes(32)
"""The hash before a payer's first transaction."""
MOST_MINOR = 2**62
"""So much no entry may move: sums of entries stay within 64 bits."""


class NotATransactionError(ValueError):
    """The legs are no transaction: a mistake of the program, never of a person."""


class Account(NamedTuple):
    """An account within a payer's books. `key` tells apart what a payer can have several of, and is empty else."""

    kind: Kind
    currency: Currency
    key: str = ""

    @property
    def name(self) -> str:
        """How the chain and people name it: the kind, and the key where there is one."""
        return f"{self.kind}:{self.key}" if self.key else str(self.kind)


class Leg(NamedTuple):
    """One entry: so many of the currency's smallest unit, a debit positive, a credit negative."""

    account: Account
    minor: int


NamedEntry = tuple[str, str, int]
"""An entry as the chain holds it: the name of its account, the currency, and so many of its smallest unit."""


class Header(NamedTuple):
    """What the chain holds of a transaction beside its entries."""

    payer: int
    reference: str
    kind: str
    at: datetime


class Link(NamedTuple):
    """What the chain holds of a transaction."""

    payer: int
    reference: str
    kind: str
    at: datetime
    legs: tuple[Leg, ...]

    @property
    def parts(self) -> tuple[Header, list[NamedEntry]]:
        """The same with the entries by the names of their accounts."""
        entries = [(leg.account.name, leg.account.currency.value, leg.minor) for leg in self.legs]
        return Header(self.payer, self.reference, self.kind, self.at), entries


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionDraft:
    """A transaction to be posted.

    `reference` is made of business facts and always unique within a payer; `at` is the business instant (for a bill
    the end of its day). `content` is what was asked for, as text: the same reference with other content is refused.
    """

    payer: int
    reference: str
    kind: str
    at: datetime
    legs: tuple[Leg, ...]
    content: str

    @classmethod
    def of(cls, link: Link, content: str = "") -> Self:
        """A draft with one leg for each account, in the order of the accounts' names; legs of nothing are left out.

        Raises NotATransactionError unless it has two legs at least and sums to zero in each currency.
        """
        payer, reference, kind, at, legs = link
        draft = cls(payer=payer, reference=reference, kind=kind, at=at, legs=merged(legs), content=content)
        check(draft)
        return draft

    @property
    def link(self) -> Link:
        """What the chain holds of it."""
        return Link(self.payer, self.reference, self.kind, self.at, self.legs)

    @property
    def digest(self) -> bytes:
        """What identifies the content."""
        return self.digested(self.content)

    @staticmethod
    def digested(content: str) -> bytes:
        """What identifies a content."""
        return hashlib.sha256(content.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A transaction as it stands. `is_repeat` says that it was posted before: this is the first answer."""

    payer: int
    number: int
    reference: str
    kind: str
    at: datetime
    legs: tuple[Leg, ...]
    hash: bytes
    is_repeat: bool = False


def merged(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """One leg for each account, ordered as the chain orders them, without those of nothing."""
    ordered = sorted(legs, key=_order)
    sums = [Leg(account, sum(leg.minor for leg in of)) for account, of in groupby(ordered, key=lambda leg: leg.account)]
    return tuple(leg for leg in sums if leg.minor)


def check(draft: TransactionDraft) -> None:
    """Go on only with what the database would take; raises NotATransactionError."""
    if len(draft.legs) < 2:
        raise NotATransactionError(f"{draft.reference}: a transaction has two legs at least")
    if not draft.reference or draft.at.tzinfo is None:
        raise NotATransactionError(f"{draft.reference}: a transaction has a reference and an instant with a zone")
    sums: dict[Currency, int] = {}
    for leg in draft.legs:
        sums[leg.account.currency] = sums.get(leg.account.currency, 0) + leg.minor
        if leg.account.kind.is_keyed is not bool(leg.account.key):
            raise NotATransactionError(f"{draft.reference}: {leg.account.name} has a key exactly if there are several")
        if abs(leg.minor) >= MOST_MINOR:
            raise NotATransactionError(f"{draft.reference}: {leg.account.name} is moved by more than can be")
    if any(sums.values()):
        raise NotATransactionError(f"{draft.reference}: the legs do not sum to zero")


def chained(previous: bytes, link: Link) -> bytes:
    """The hash of a transaction after the one before it: SHA-256 of `canonical`."""
    return hashed(previous, *link.parts)


def hashed(previous: bytes, header: Header, entries: list[NamedEntry]) -> bytes:
    """The same of its parts, for the check, which goes through millions of them."""
    return hashlib.sha256(canonical(previous, header, entries)).digest()


def canonical(previous: bytes, header: Header, entries: list[NamedEntry]) -> bytes:
    """What is hashed: JSON without spaces, names of fields in order, UTF-8, the instant in UTC with microseconds.

    It holds no number of a row, no wall time, no worker and no attempt: the same acts in the same order of business
    give the same chain on any machine.
    """
    payer, reference, kind, at = header
    said = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "entries": sorted(entries),
        "kind": kind,
        "payer": payer,
        "previous": previous.hex(),
        "reference": reference,
    }
    return _CANONICAL.encode(said).encode()


# Made once: a check of all books writes millions of these texts.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _order(leg: Leg) -> tuple[str, str]:
    return leg.account.name, leg.account.currency
