"""What a batch writes into the books, worked out before any of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Self

from guance_portal.core.clock import SystemClock
from guance_portal.ledger.chart import crosses
from guance_portal.ledger.errors import OverdrawnError
from guance_portal.ledger.queries import as_day
from guance_portal.ledger.rules import Account, Posted, TransactionDraft, chained
from guance_portal.ledger.tables import LedgerHead

_WALL = SystemClock()


@dataclass(slots=True)
class Head:
    """How far a payer's books have come."""

    accounts: int
    transactions: int
    hash: bytes
    stopped_by: str

    @classmethod
    def of(cls, head: LedgerHead) -> Self:
        """As its row says."""
        return cls(head.accounts, head.transactions, head.hash, head.stopped_by)

    def next(self, draft: TransactionDraft) -> Posted:
        """The draft as the next transaction."""
        self.transactions += 1
        self.hash = chained(self.hash, draft.link)
        return Posted(
            payer=draft.payer,
            number=self.transactions,
            reference=draft.reference,
            kind=draft.kind,
            at=draft.at,
            legs=draft.legs,
            hash=self.hash,
        )

    def next_account(self) -> int:
        """The number of an account that is opened."""
        self.accounts += 1
        return self.accounts

    def row(self, payer: int) -> dict[str, Any]:
        """What its row will say."""
        return {"payer": payer, "accounts": self.accounts, "transactions": self.transactions, "hash": self.hash}


@dataclass(slots=True)
class OpenAccount:
    """An open account and its balance as it will be."""

    number: int
    balance: int


@dataclass(slots=True)
class LedgerBatch:
    """What a batch writes."""

    accounts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    entries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _balances: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    _days: dict[tuple[int, int, str], int] = field(default_factory=dict[tuple[int, int, str], int])

    def add(self, draft: TransactionDraft, one: Posted, accounts: Mapping[tuple[int, Account], OpenAccount]) -> None:
        """Write a transaction down; raises OverdrawnError."""
        self.headers.append(
            {
                "payer": one.payer,
                "number": one.number,
                "reference": one.reference,
                "kind": one.kind,
                "at": one.at,
                "written_at": _WALL.now(),
                "size": len(one.legs),
                "content": draft.digest,
                "hash": one.hash,
            }
        )
        day = as_day(one.at.astimezone(UTC).date())
        for leg in one.legs:
            account = accounts[one.payer, leg.account]
            account.balance += leg.minor
            if crosses(leg.account.kind, account.balance):
                raise OverdrawnError
            place = one.payer, account.number
            self._balances[place] = self._balances.get(place, 0) + leg.minor
            self._days[*place, day] = self._days.get((*place, day), 0) + leg.minor
            self.entries.append(
                {
                    "payer": one.payer,
                    "number": one.number,
                    "account": account.number,
                    "currency": leg.account.currency,
                    "minor": leg.minor,
                }
            )

    def written(self, heads: Mapping[int, Head]) -> dict[str, list[dict[str, Any]]]:
        """All of it by the names of what is written; heads of those who are on it alone."""
        payers = dict.fromkeys(header["payer"] for header in self.headers)
        return {
            "entries": self.entries,
            "headers": self.headers,
            "balances": [
                {"payer": payer, "number": of, "minor": minor} for (payer, of), minor in self._balances.items()
            ],
            "days": [
                {"payer": payer, "account": of, "day": day, "minor": minor}
                for (payer, of, day), minor in self._days.items()
            ],
            "heads": [heads[payer].row(payer) for payer in payers],
        }
