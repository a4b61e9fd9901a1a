"""收支明细 as a file: every entry that matches, with what stood on its account then, and a manifest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.exports.table import CellKind, ExportColumn, Row, Table
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language, Text, catalogue, text
from guance_portal.core.money import Money
from guance_portal.core.rate_limits import RateLimits
from guance_portal.ledger import queries as ledger
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import statement_queries as queries
from guance_portal.wallet.statement_rules import StatementChoice, day_of

_AT_ONCE = 2
"""So many files a process writes at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFile:
    """Which file, of what, in which language. `asked` is the choice as the manifest tells it."""

    kind: Format
    choice: StatementChoice
    language: Language
    asked: dict[str, str]


class StatementExports:
    """For the account's own sessions alone; audited."""

    def __init__(self, database: Database, limits: RateLimits, clock: Clock) -> None:
        self._database, self._limits, self._clock = database, limits, clock
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def make(self, actor: Actor, wanted: WantedFile, folder: Path, caller: Caller) -> Exported:
        """Write the file into a folder.

        Raises PasswordNeededError for a session that is limited to a workspace, TooManyAttemptsError.
        """
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        await self._limits.hit("statement_exports", of_account(actor.realm, actor.subject_id))
        async with self._turns:
            exported = await self._write(actor, wanted, folder)
        async with self._database.writing() as work:
            audit.record(
                work,
                "statement.exported",
                ("fee_account", actor.subject_id),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
                file=exported.name,
                rows=str(exported.manifest["rows"]),
                sha256=exported.manifest["sha256"],
            )
            await work.commit()
        return exported

    async def _write(self, actor: Actor, wanted: WantedFile, folder: Path) -> Exported:
        now = self._clock.now()
        async with self._database.reporting() as work:
            await queries.hold_still(work)
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            zone, payer = account.zone, await ledger.payer_of(work, account.id)
            number, chain = await queries.head(work, payer) if payer else (0, b"")
            table = Table(
                stem=f"statement-{account.username_key}-{now.astimezone(zone):%Y%m%d-%H%M%S}",
                title=text("statement.title"),
                columns=_COLUMNS,
                zone=zone,
                language=wanted.language,
                made_at=now,
                is_final=True,
                facts={"account": account.username, **wanted.asked, "through": str(number), "chain": chain.hex()},
            )
            return await files.export(wanted.kind, table, folder, _rows(work, payer, account, wanted))


_COLUMNS = (
    ExportColumn(text("statement.number"), CellKind.NUMBER, 10),
    ExportColumn(text("statement.day"), CellKind.DAY, 12),
    ExportColumn(text("statement.at"), CellKind.MOMENT, 21),
    ExportColumn(text("statement.act"), width=18),
    ExportColumn(text("statement.purse"), width=16),
    ExportColumn(text("statement.purse_number"), width=10),
    ExportColumn(text("statement.currency"), width=8),
    ExportColumn(text("statement.amount"), CellKind.MONEY, 16),
    ExportColumn(text("statement.after"), CellKind.MONEY, 16, is_summed=False),
    ExportColumn(text("statement.reference"), width=44),
)


async def _rows(
    work: UnitOfWork, payer: int | None, account: FeeAccount, wanted: WantedFile
) -> AsyncIterator[list[Row]]:
    """The rows in portions, the oldest first; what stood on an account is carried from entry to entry."""
    if not payer:
        return
    currency, zone = account.currency, account.zone
    narrowed = wanted.choice.narrowed(zone)
    among = await queries.accounts(work, payer, narrowed)
    stood = await queries.stood(work, payer, among, narrowed.since) if narrowed.since else {}
    rests = {account: -minor for account, minor in stood.items()}
    after = None
    while found := await queries.portion(work, payer, narrowed, after):
        after = found[-1].at, found[-1].number
        moves = await queries.moves(work, payer, [row.number for row in found], among)
        rows: list[Row] = []
        for transaction in found:
            for move in moves.get(transaction.number, ()):
                rest = rests[move.account] = rests.get(move.account, 0) + int(move.minor)
                if transaction.is_shown:
                    amounts = Money(int(move.minor), currency), Money(rest, currency)
                    day = day_of(transaction.at, zone)
                    rows.append(_row(transaction, day, among.asked[move.account], amounts, wanted.language))
        yield rows


def _row(transaction: Any, day: date, account: Any, amounts: tuple[Money, Money], language: Language) -> Row:
    moved, rest = amounts
    return (
        transaction.number,
        day,
        transaction.at,
        act_name(transaction.act).in_(language),
        text(f"statement.purse_{account.kind}").in_(language),
        account.key,
        str(moved.currency),
        moved,
        rest,
        transaction.reference,
    )


def act_name(act: str) -> Text:
    """What a kind of transaction is called; one without words goes by its code."""
    key = f"statement.act_{act}"
    return text(key) if key in catalogue() else Text(zh=act, en=act)
