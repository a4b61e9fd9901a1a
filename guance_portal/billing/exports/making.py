"""Files of bills: of one bill, of a month, of all; for whoever may see these bills."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import and_, col, func, or_, select

from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills import viewing
from guance_portal.billing.bills.feed import lines_of, paid_of
from guance_portal.billing.bills.proofs import readable
from guance_portal.billing.bills.tables import BillRow, BillState
from guance_portal.billing.bills.view_queries import BillScope
from guance_portal.billing.bills.viewing import BillViewer, final_at
from guance_portal.billing.exports.columns import COLUMNS, BillContent, WrittenBill, rows_of
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.exports.table import Row, Table
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language, text
from guance_portal.core.rate_limits import RateLimits
from guance_portal.wallet.statement_queries import hold_still

_AT_ONCE = 2
"""So many files a process writes at a time."""
_PORTION = 200
"""So many bills are read at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedBills:
    """Which file, of which bills, in which language: of one by its code, of a month (2026-07), or of all."""

    content: BillContent
    kind: Format
    language: Language
    code: str = ""
    month: str = ""


class BillExports:
    """For everybody who may see the bills on a page; audited."""

    def __init__(self, database: Database, limits: RateLimits, clock: Clock) -> None:
        self._database, self._limits, self._clock = database, limits, clock
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def make(self, actor: Actor, wanted: WantedBills, folder: Path, caller: Caller) -> Exported:
        """Write the file into a folder.

        Raises NotAllowedError, BillHiddenError for a bill that is not there for this person, TooManyAttemptsError.
        """
        async with self._database.reading() as work:
            await viewing.viewer_of(work, actor)
            if wanted.code:
                await readable(work, actor, wanted.code)
        await self._limits.hit("bill_exports", of_account(actor.realm, actor.subject_id))
        async with self._turns:
            exported = await self._write(actor, wanted, folder)
        async with self._database.writing() as work:
            audit.record(
                work,
                "bills.exported",
                ("workspace", actor.workspace_id) if actor.workspace_id else ("fee_account", actor.subject_id),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
                file=exported.name,
                rows=str(exported.manifest["rows"]),
                sha256=exported.manifest["sha256"],
            )
            await work.commit()
        return exported

    async def _write(self, actor: Actor, wanted: WantedBills, folder: Path) -> Exported:
        now = self._clock.now()
        async with self._database.reporting() as work:
            await hold_still(work)
            viewer = await viewing.viewer_of(work, actor)
            of = f"{wanted.code or wanted.month or 'all'}-{now.astimezone(viewer.zone):%Y%m%d-%H%M%S}"
            table = Table(
                stem=f"bills-{wanted.content}-{of}",
                title=text(f"bill_files.{wanted.content}"),
                columns=COLUMNS[wanted.content],
                zone=viewer.zone,
                language=wanted.language,
                made_at=now,
                is_final=await _is_final(work, viewer, wanted, now),
                facts={name: said for name, said in (("month", wanted.month), ("bill", wanted.code)) if said},
            )
            return await files.export(wanted.kind, table, folder, _rows(work, viewer.scope, wanted))


async def _is_final(work: UnitOfWork, viewer: BillViewer, wanted: WantedBills, now: datetime) -> bool:
    """Whether the months of these bills are final, and every bill is paid."""
    if viewer.scope is None:
        return True
    query: Any = viewer.scope.of(
        select(
            func.max(col(BillRow.day)).label("last"),
            func.count().filter(col(BillRow.state) == BillState.WAITING).label("waiting"),
        ),
        wanted.month,
    )
    if wanted.code:
        query = query.where(col(BillRow.code) == wanted.code)
    (row,) = await work.rows(query)
    return row.last is None or (not row.waiting and now >= final_at(f"{row.last:%Y-%m}", viewer.zone))


async def _rows(work: UnitOfWork, scope: BillScope | None, wanted: WantedBills) -> AsyncIterator[Sequence[Row]]:
    """The rows in portions, by day and code, the oldest first."""
    after: BillRow | None = None
    while scope is not None:
        found = await _portion(work, scope, wanted, after)
        if not found:
            return
        after = found[-1]
        bills = await beside(work, found)
        yield [row for one in bills for row in rows_of(wanted.content, one, wanted.language)]
        work.session.expunge_all()


async def _portion(work: UnitOfWork, scope: BillScope, wanted: WantedBills, after: BillRow | None) -> Sequence[BillRow]:
    query: Any = scope.of(select(BillRow), wanted.month).order_by(col(BillRow.day), col(BillRow.code))
    if wanted.code:
        query = query.where(col(BillRow.code) == wanted.code)
    if after is not None:
        is_later = and_(col(BillRow.day) == after.day, col(BillRow.code) > after.code)
        query = query.where(or_(col(BillRow.day) > after.day, is_later))
    session: Any = work.session
    return list((await session.exec(query.limit(_PORTION))).all())


async def beside(work: UnitOfWork, found: Sequence[BillRow]) -> list[WrittenBill]:
    """Bills with all that stands beside them in a file."""
    lines, paid = await lines_of(work, found), await paid_of(work, found)
    ids = {one.workspace_id for one in found}
    named = await work.rows(select(col(Workspace.id), col(Workspace.name)).where(col(Workspace.id).in_(ids)))
    names = {row.id: row.name for row in named}
    clouds = await queries.clouds(work, sorted({one.cloud_account_id for one in found if one.cloud_account_id}))
    return [
        WrittenBill(
            bill=one,
            workspace=names.get(one.workspace_id, one.workspace_id),
            cloud=clouds.get(one.cloud_account_id or "", ""),
            lines=lines.get((one.payer, one.reference), ()),
            paid=paid.get(one.code, {}) if one.state is BillState.SETTLED else None,
        )
        for one in found
    ]
