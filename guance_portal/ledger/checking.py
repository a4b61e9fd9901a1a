"""The check of the books: every rule, what breaks it, and the stop of those whose books are wrong."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text, update
from sqlmodel import col, delete, select

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Text
from guance_portal.core.messages import text as words
from guance_portal.ledger import chain
from guance_portal.ledger.invariants import CHAIN, MOST, Invariant
from guance_portal.ledger.tables import LedgerHead, LedgerPass


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a rule does not hold: whose books, at which transaction if it is one, and which account or currency."""

    payer: int
    number: int | None
    what: str

    def __str__(self) -> str:
        at = f"transaction {self.number}, " if self.number else ""
        return f"payer {self.payer}, {at}{self.what}"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule and what breaks it, the first one first; nothing where it holds."""

    code: str
    breaches: tuple[Breach, ...]

    @property
    def text(self) -> Text:
        """The rule in words."""
        return words(f"ledger.rule.{self.code}")

    def __str__(self) -> str:
        """One line: whether it holds, and where it first does not."""
        if not self.breaches:
            return f"ok      {self.code}: {self.text.en}"
        first, *others = self.breaches
        more = f" (and {len(others)} more)" if others else ""
        return f"BROKEN  {self.code}: {self.text.en} - first: {first}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A check of all books: when it was, how long it took, and what it found."""

    at: datetime
    milliseconds: int
    outcomes: tuple[RuleOutcome, ...]


WORK_MEMORY = "64MB"
"""What PostgreSQL may use for each sum of a check: with its default, sums of all transactions go by way of the disk."""


class LedgerCheck:
    """Checks all books, and stops those in which a rule does not hold."""

    def __init__(self, database: Database, clock: Clock, invariants: Sequence[Invariant]) -> None:
        self._database, self._clock, self._invariants = database, clock, invariants

    async def look(self) -> list[RuleOutcome]:
        """Every rule with what breaks it; changes nothing."""
        async with self._database.reporting() as work:
            return await ask(work, self._invariants)

    async def check(self) -> list[RuleOutcome]:
        """The same, and each payer in whose books a rule does not hold is stopped, and nobody else."""
        began = time.perf_counter()
        outcomes = await self.look()
        first: dict[int, str] = {}
        for outcome in outcomes:
            for breach in outcome.breaches:
                first.setdefault(breach.payer, outcome.code)
        async with self._database.writing() as work:
            for payer, code in sorted(first.items()):
                await self._stop(work, payer, code)
            work.session.add(_pass(outcomes, self._clock.now(), time.perf_counter() - began))
            await work.commit()
        return outcomes

    async def check_one(self, payer: int) -> None:
        """Check the books of one payer, who is stopped where a rule does not hold; the last pass of each payer is kept."""
        began = time.perf_counter()
        async with self._database.reporting() as work:
            outcomes = await ask(work, self._invariants, payer)
        async with self._database.writing() as work:
            if broken := [outcome.code for outcome in outcomes if outcome.breaches]:
                await self._stop(work, payer, broken[0])
            await work.session.exec(delete(LedgerPass).where(col(LedgerPass.payer) == payer))
            work.session.add(_pass(outcomes, self._clock.now(), time.perf_counter() - began, payer))
            await work.commit()

    async def last(self, payer: int | None = None) -> Pass | None:
        """The last check of all books, or of those of one payer alone; None before the first."""
        of = col(LedgerPass.payer).is_(None) if payer is None else col(LedgerPass.payer) == payer
        found = select(LedgerPass).where(of).order_by(col(LedgerPass.at).desc(), col(LedgerPass.id)).limit(1)
        async with self._database.reading() as work:
            row = (await work.session.exec(found)).first()
        if row is None:
            return None
        outcomes = [
            RuleOutcome(one["code"], tuple(Breach(*breach) for breach in one["breaches"])) for one in row.outcomes
        ]
        return Pass(at=row.at, milliseconds=row.milliseconds, outcomes=tuple(outcomes))

    async def _stop(self, work: UnitOfWork, payer: int, code: str) -> None:
        """Stop a payer's books, unless they are stopped already."""
        connection = await work.session.connection()
        await connection.execute(
            update(LedgerHead)
            .where(col(LedgerHead.payer) == payer, col(LedgerHead.stopped_by) == "")
            .values(stopped_by=code, stopped_at=self._clock.now())
        )


def _pass(outcomes: Sequence[RuleOutcome], at: datetime, seconds: float, payer: int | None = None) -> LedgerPass:
    found = [
        {"code": one.code, "breaches": [[breach.payer, breach.number, breach.what] for breach in one.breaches]}
        for one in outcomes
    ]
    return LedgerPass(id=new_id("pass"), payer=payer, at=at, milliseconds=round(seconds * 1000), outcomes=found)


async def ask(work: UnitOfWork, invariants: Sequence[Invariant], payer: int | None = None) -> list[RuleOutcome]:
    """Every rule with what breaks it, in all books or in those of one payer."""
    connection = await work.session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SET LOCAL work_mem = '{WORK_MEMORY}'"))
    outcomes = [await _ask(work, invariant, payer) for invariant in invariants]
    broken = [Breach(of, number, "hash") async for of, number in chain.breaks(work, payer)]
    return [*outcomes, RuleOutcome(CHAIN, tuple(broken[:MOST]))]


async def _ask(work: UnitOfWork, invariant: Invariant, payer: int | None) -> RuleOutcome:
    connection = await work.session.connection()
    statement = invariant.statement(connection.dialect.name, is_of_one=payer is not None)
    found = (await connection.execute(text(statement), {} if payer is None else {"payer": payer})).all()
    return RuleOutcome(invariant.code, tuple(Breach(row.payer, row.number, str(row.what)) for row in found))
