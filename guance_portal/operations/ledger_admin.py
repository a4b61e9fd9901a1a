"""账本 as operators see it: the rules with their last pass, the books that are stopped, and single transactions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import audit, plain
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.messages import Text
from guance_portal.ledger.checking import LedgerCheck, Pass
from guance_portal.ledger.rules import HOUSE
from guance_portal.ledger.tables import LedgerTransaction
from guance_portal.operations import money_queries, queries, rules

_NUMBER = re.compile(r"[Tt]?(\d{1,12})-(\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachLine:
    """Where a rule does not hold: whose books (empty for the house), at which transaction if it is one."""

    account: str
    account_id: str
    number: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule in words and what breaks it."""

    code: str
    text: Text
    breaches: tuple[BreachLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLine:
    """Books that are stopped, and the rule that stops them."""

    payer: int
    account: str
    account_id: str
    rule: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The last pass over all books; `at` is None before the first."""

    at: datetime | None
    milliseconds: int
    rules: tuple[RuleLine, ...]
    stopped: tuple[StoppedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry: a debit positive, a credit negative."""

    kind: str
    key: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionView:
    """A transaction with its entries; `before` is the one before it in the same books, empty for the first."""

    number: str
    before: str
    account: str
    account_id: str
    reference: str
    kind: str
    at: datetime
    written_at: datetime
    hash: str
    entries: tuple[EntryLine, ...]


class LedgerAdmin:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, check: LedgerCheck, clock: Clock) -> None:
        self._database, self._check, self._clock = database, check, clock

    async def checked(self, actor: Actor) -> Checked:
        """The last pass, and what is stopped now."""
        actor.require(Realm.OPERATOR)
        last = await self._check.last()
        async with self._database.reporting() as work:
            heads = await money_queries.stopped(work)
            payers = {breach.payer for one in (last.outcomes if last else ()) for breach in one.breaches}
            owners = await _owners(work, sorted(payers | {head.payer for head in heads}))
        return Checked(
            at=last.at if last else None,
            milliseconds=last.milliseconds if last else 0,
            rules=_rules(last, owners) if last else (),
            stopped=tuple(
                StoppedLine(
                    payer=head.payer,
                    account=owners.get(head.payer, ("", ""))[1],
                    account_id=owners.get(head.payer, ("", ""))[0],
                    rule=head.stopped_by,
                    since=head.stopped_at,
                )
                for head in heads
            ),
        )

    async def check(self, actor: Actor, caller: Caller | None = None) -> None:
        """Check all books now; those in which a rule does not hold are stopped. Audited."""
        actor.require(Realm.OPERATOR)
        outcomes = await self._check.check()
        async with self._database.writing() as work:
            broken = ", ".join(one.code for one in outcomes if one.breaches)
            audit.record(
                work,
                "ledger.checked",
                ("portal", "ledger"),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
                broken=broken,
            )
            await work.commit()

    async def find(self, actor: Actor, asked: str) -> tuple[TransactionView, ...]:
        """Transactions by their number (T12-34) or reference, in part; the newest ones when nothing is asked."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            found = await _found(work, plain.search(asked))
            owners = await _owners(work, sorted({row.payer for row in found}))
            return tuple([await _view(work, row, owners) for row in found])


async def _found(work: UnitOfWork, asked: str) -> Sequence[LedgerTransaction]:
    if not asked:
        return await money_queries.newest(work, rules.ACTS_A_PAGE)
    if by_number := _NUMBER.fullmatch(asked):
        row = await money_queries.transaction(work, int(by_number[1]), int(by_number[2]))
        return [row] if row else []
    return await money_queries.transactions(work, asked, rules.ACTS_A_PAGE)


async def _owners(work: UnitOfWork, payers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The account and username of each payer."""
    accounts = await money_queries.accounts_of(work, payers)
    names = await queries.names(work, set(accounts.values()))
    return {payer: (account, names.get(account, account)) for payer, account in accounts.items()}


def _rules(last: Pass, owners: dict[int, tuple[str, str]]) -> tuple[RuleLine, ...]:
    return tuple(
        RuleLine(
            code=one.code,
            text=one.text,
            breaches=tuple(
                BreachLine(
                    account=owners.get(breach.payer, ("", ""))[1],
                    account_id=owners.get(breach.payer, ("", ""))[0],
                    number=f"T{breach.payer}-{breach.number}" if breach.number else "",
                    what=breach.what,
                )
                for breach in one.breaches
            ),
        )
        for one in last.outcomes
    )


async def _view(work: UnitOfWork, row: LedgerTransaction, owners: dict[int, tuple[str, str]]) -> TransactionView:
    account, name = owners.get(row.payer, ("", "")) if row.payer != HOUSE else ("", "")
    return TransactionView(
        number=f"T{row.payer}-{row.number}",
        before=f"T{row.payer}-{row.number - 1}" if row.number > 1 else "",
        account=name,
        account_id=account,
        reference=row.reference,
        kind=row.kind,
        at=row.at,
        written_at=row.written_at,
        hash=row.hash.hex(),
        entries=tuple(
            EntryLine(kind=str(one.kind), key=one.key, currency=str(one.currency), minor=one.minor)
            for one in await money_queries.entries(work, row.payer, row.number)
        ),
    )
