"""Bills are planned one after the other against what their payers have, which each plan lowers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.posting import Books
from guance_portal.ledger.rules import Account, Leg
from guance_portal.wallet import entry_rules, queries
from guance_portal.wallet.rules import Bill, BillPlan, Means, Purse, plan

_OWN = (Kind.CREDIT, Kind.CASH, Kind.RECEIVABLE)


class PayableBill(Protocol):
    """A bill of a payer."""

    @property
    def payer(self) -> int:
        """Who pays it."""
        ...

    @property
    def bill(self) -> Bill:
        """What is owed."""
        ...


@dataclass(slots=True)
class Standing:
    """What a payer has, as it will be after the bills that were planned."""

    credit: int
    cash: int
    debt: int
    purses: dict[int, Purse] = field(default_factory=dict[int, Purse])

    def take(self, made: BillPlan) -> None:
        """Take what a plan takes."""
        for payment in made.payments:
            match payment.account.kind:
                case Kind.CREDIT:
                    self.credit -= payment.minor
                case Kind.CASH:
                    self.cash -= payment.minor
                case Kind.RECEIVABLE:
                    self.debt += payment.minor
                case Kind.CLOUD_RECEIVABLE:
                    pass
                case _:
                    purse = self.purses[int(payment.account.key)]
                    self.purses[purse.number] = replace(purse, rest=purse.rest - payment.minor)

    def owe(self, minor: int) -> None:
        """A bill owes the payer so much."""
        self.credit += max(minor - self.debt, 0)
        self.debt -= min(minor, self.debt)


class Planner:
    """Plans bills one after the other against what their payers have."""

    def __init__(self, standings: dict[int, Standing]) -> None:
        self._standings = standings

    @classmethod
    async def open(cls, work: UnitOfWork, books: Books, bills: Sequence[PayableBill]) -> Planner:
        """Read what all of these payers have."""
        currencies = {due.payer: due.bill.currency for due in bills}
        found = await books.balances_of(
            [(payer, Account(kind, of)) for payer, of in currencies.items() for kind in _OWN]
        )
        standings: dict[int, Standing] = {}
        for payer, of in currencies.items():
            credit, cash, debt = (abs(found[payer, Account(kind, of)]) for kind in _OWN)
            standings[payer] = Standing(credit, cash, debt)
        since = min((due.bill.begins for due in bills), default=None)
        for payer, purse in await queries.purses(work, set(currencies), since=since):
            standings[payer].purses[purse.number] = purse
        return cls(standings)

    def means(self, due: PayableBill) -> Means:
        """What the payer of a bill has before it."""
        has = self._standings[due.payer]
        purses = tuple(purse for _, purse in sorted(has.purses.items()))
        return Means(credit=has.credit, cash=has.cash, debt=has.debt, purses=purses)

    def plan(self, due: PayableBill) -> tuple[BillPlan, list[Leg]]:
        """The plan of a bill and its entries: none for one of nothing."""
        has, bill = self._standings[due.payer], due.bill
        made = plan(bill, has.purses.values(), credit=has.credit, cash=has.cash)
        if bill.total < 0:
            legs = entry_rules.negative_bill(-bill.total, has.debt, bill.currency)
            has.owe(-bill.total)
        else:
            legs = entry_rules.bill(made.payments, bill.currency) if made.payments else []
            has.take(made)
        return made, legs
