"""对账 as a file: a row for each billing day at a marketplace, as the board shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from guance_portal.billing.clouds.board import BoardLine, ReconciliationBoard
from guance_portal.billing.clouds.rules import BoardChoice
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.exports.table import Cell, CellKind, ExportColumn, Row, Table
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language, text
from guance_portal.core.money import Currency, Money
from guance_portal.core.rate_limits import RateLimits

SUMS = ("ours", "sent", "accepted", "refused", "late", "returned", "waiting", "unknown", "unpaid", "difference")
"""The sums of a day: an amount and a number of records each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBoard:
    """Which days, and whether those without a difference are left out."""

    choice: BoardChoice
    only: bool
    kind: Format
    language: Language


class BoardExports:
    """For operators alone; audited."""

    def __init__(self, database: Database, board: ReconciliationBoard, limits: RateLimits, clock: Clock) -> None:
        self._database, self._board, self._limits, self._clock = database, board, limits, clock

    async def make(self, actor: Actor, wanted: WantedBoard, folder: Path, caller: Caller) -> Exported:
        """Write the file into a folder. Raises NotAllowedError, TooManyAttemptsError."""
        board = await self._board.read(actor, wanted.choice)
        await self._limits.hit("bill_exports", of_account(actor.realm, actor.subject_id))
        choice, now = board.choice, self._clock.now()
        table = Table(
            stem=f"reconciliation-{choice.since}-{choice.until}-{now:%Y%m%d-%H%M%S}",
            title=text("reconciliation.title"),
            columns=COLUMNS,
            zone=UTC,
            language=wanted.language,
            made_at=now,
            is_final=not board.total.difference.count,
            facts={"since": choice.since.isoformat(), "until": choice.until.isoformat()},
        )
        lines = [one for one in board.lines if not wanted.only or one.sums.difference.count]
        exported = await files.export(wanted.kind, table, folder, _rows(lines, choice.currency, wanted.language))
        async with self._database.writing() as work:
            audit.record(
                work,
                "reconciliation.exported",
                ("operator", actor.subject_id),
                at=now,
                actor=actor,
                caller=caller,
                file=exported.name,
                rows=str(exported.manifest["rows"]),
                sha256=exported.manifest["sha256"],
            )
            await work.commit()
        return exported


COLUMNS = (
    ExportColumn(text("reconciliation.day"), CellKind.DAY, 12),
    ExportColumn(text("reconciliation.market"), width=24),
    ExportColumn(text("bill_files.listing"), width=14),
    ExportColumn(text("bill_files.currency"), width=8),
    *(
        column
        for name in SUMS
        for column in (
            ExportColumn(text(f"reconciliation.{name}"), CellKind.MONEY, 16),
            ExportColumn(text("bill_files.records_of", what=text(f"reconciliation.{name}")), CellKind.NUMBER, 12),
        )
    ),
)


async def _rows(lines: Sequence[BoardLine], currency: Currency, language: Language) -> AsyncIterator[Sequence[Row]]:
    yield [_row(line, currency, language) for line in lines]


def _row(line: BoardLine, currency: Currency, language: Language) -> Row:
    cells: list[Cell] = []
    for name in SUMS:
        of = getattr(line.sums, name)
        cells += [Money(of.minor, currency), of.count]
    return (line.day, text(f"listing.{line.listing}").in_(language), line.listing, str(currency), *cells)
