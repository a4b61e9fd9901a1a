"""银行转账 as operators see it: statements, what became of their lines, and what can still be done about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.actor import Actor
from guance_portal.core.db import Database
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.operations import money_queries, queries
from guance_portal.operations.money_admin import MoneyAdmin
from guance_portal.payments.statement_tables import LineOutcome
from guance_portal.payments.statements import Statements


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """A line; `account` is the username of whose it is, or of who is proposed. `can_move` while it is in suspense.

    `request` is the id of the claim that waits.
    """

    serial: str
    trade: str
    at: datetime
    payer_name: str
    memo: str
    minor: int
    outcome: LineOutcome
    account_id: str
    account: str
    can_move: bool
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadLine:
    """A line that cannot be read: its number in the file, what stands there, and why."""

    number: int
    text: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A statement of the list."""

    digest: str
    name: str
    bank: str
    imported_by: str
    imported_at: datetime
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """A statement with its lines, or with those that cannot be read."""

    statement: StatementLine
    currency: Currency
    lines: tuple[TransferLine, ...]
    unread: tuple[UnreadLine, ...]


class TransferAdmin:
    """For operators alone: every method raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, statements: Statements, money: MoneyAdmin) -> None:
        self._database, self._statements, self._money = database, statements, money

    async def recent(self, actor: Actor) -> tuple[StatementLine, ...]:
        """The newest statements."""
        found = await self._statements.recent(actor)
        async with self._database.reporting() as work:
            names = await queries.names(work, {one.imported_by for one in found})
        return tuple(
            StatementLine(
                digest=one.digest,
                name=one.name,
                bank=one.bank,
                imported_by=names.get(one.imported_by, one.imported_by),
                imported_at=one.imported_at,
                is_taken=one.is_taken,
            )
            for one in found
        )

    async def banks(self, actor: Actor) -> tuple[str, ...]:
        """The banks whose columns are known."""
        return tuple(one.bank for one in await self._statements.banks(actor))

    async def view(self, actor: Actor, digest: str) -> StatementPage:
        """One statement; raises StatementUnknownError."""
        view = await self._statements.view(actor, digest)
        row = view.statement
        waiting = {(one.matter.way, one.matter.trade): one for one in await self._money.matters(actor)}
        async with self._database.reporting() as work:
            owners = await money_queries.accounts_of(work, [line.payer for line in view.lines if line.payer])
            accounts = {line.number: owners.get(line.payer or 0, line.proposed) for line in view.lines}
            names = await queries.names(work, {*accounts.values(), row.imported_by} - {""})
        lines: list[TransferLine] = []
        for line in view.lines:
            matter = waiting.get((Kind.BANK, line.trade or line.serial))
            is_open = matter is not None and matter.matter.is_suspended
            lines.append(
                TransferLine(
                    serial=line.serial,
                    trade=line.trade or line.serial,
                    at=line.at,
                    payer_name=line.payer_name,
                    memo=line.memo,
                    minor=line.minor,
                    outcome=line.outcome,
                    account_id=accounts[line.number],
                    account=names.get(accounts[line.number], ""),
                    can_move=is_open and not (matter and matter.request),
                    request=matter.request if matter and is_open else "",
                )
            )
        return StatementPage(
            statement=StatementLine(
                digest=row.digest,
                name=row.name,
                bank=row.bank,
                imported_by=names.get(row.imported_by, row.imported_by),
                imported_at=row.imported_at,
                is_taken=row.is_taken,
            ),
            currency=row.currency,
            lines=tuple(lines),
            unread=tuple(UnreadLine(**one) for one in row.unread),
        )
