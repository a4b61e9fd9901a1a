"""工作空间管理 as a file: a row for each workspace that the account pays for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from guance_portal import sites
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.exports import files
from guance_portal.core.exports.files import Exported, Format
from guance_portal.core.exports.table import CellKind, ExportColumn, Row, Table
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Language, Text, text
from guance_portal.core.rate_limits import RateLimits
from guance_portal.payers import queries as payers
from guance_portal.payers.fee_center import FeeCenterService, PaidWorkspace
from guance_portal.settlement.overview import Overviews, PendingChange, Summary


class WorkspaceExports:
    """For the account's own sessions; one that is limited to a workspace gets that one alone. Audited."""

    def __init__(
        self, database: Database, fee_center: FeeCenterService, overviews: Overviews, limits: RateLimits, clock: Clock
    ) -> None:
        self._database, self._fee_center, self._overviews = database, fee_center, overviews
        self._limits, self._clock = limits, clock

    async def make(self, actor: Actor, kind: Format, language: Language, folder: Path, caller: Caller) -> Exported:
        """Write the file into a folder. Raises NotAllowedError, TooManyAttemptsError."""
        paid = await self._fee_center.workspaces(actor)
        settled = await self._overviews.summaries(actor)
        await self._limits.hit("workspace_exports", of_account(actor.realm, actor.subject_id))
        username, zone = await self._account(actor)
        now = self._clock.now()
        table = Table(
            stem=f"workspaces-{username}-{now.astimezone(zone):%Y%m%d-%H%M%S}",
            title=text("fee_workspaces.title"),
            columns=_COLUMNS,
            zone=zone,
            language=language,
            made_at=now,
            is_final=True,
            facts={"account": username},
        )
        rows = [_row(one, settled[one.id], language) for one in paid if one.id in settled]
        exported = await files.export(kind, table, folder, _portions(rows))
        async with self._database.writing() as work:
            audit.record(
                work,
                "workspaces.exported",
                ("fee_account", actor.subject_id),
                at=now,
                actor=actor,
                caller=caller,
                file=exported.name,
                rows=str(exported.manifest["rows"]),
                sha256=exported.manifest["sha256"],
            )
            await work.commit()
        return exported

    async def _account(self, actor: Actor) -> tuple[str, ZoneInfo]:
        async with self._database.reading() as work:
            account = await payers.account(work, actor.subject_id)
        if account is None:
            raise NotSignedInError
        return account.username_key, account.zone


_COLUMNS = (
    ExportColumn(text("fee_workspaces.name"), width=24),
    ExportColumn(text("fee_workspaces.id"), width=38),
    ExportColumn(text("fee_workspaces.site"), width=18),
    ExportColumn(text("fee_workspaces.state"), width=10),
    ExportColumn(text("fee_workspaces.owner"), width=16),
    ExportColumn(text("fee_workspaces.owner_email"), width=28),
    ExportColumn(text("fee_workspaces.method"), width=20),
    ExportColumn(text("fee_workspaces.charged"), width=22),
    ExportColumn(text("settlement.since"), CellKind.DAY, 12),
    ExportColumn(text("settlement.next_change"), CellKind.DAY, 12),
    ExportColumn(text("settlement.pending_row"), width=30),
)


async def _portions(rows: Sequence[Row]) -> AsyncIterator[Sequence[Row]]:
    yield rows


def _row(paid: PaidWorkspace, settled: Summary, language: Language) -> Row:
    return (
        paid.name,
        paid.id,
        sites.get(paid.site).name.in_(language),
        text(f"fee_workspaces.state_{paid.state}").in_(language),
        paid.owner,
        paid.owner_email,
        text(f"settlement_method.{settled.method}").in_(language),
        settled.account,
        settled.since,
        "" if paid.state == "dissolved" else settled.next_change,
        waiting(settled.pending).in_(language),
    )


def waiting(change: PendingChange | None) -> Text:
    """A change that waits, in words; nothing without one. The account that is left is not told which one takes over."""
    if change is None:
        return Text()
    name = text(f"settlement_method.{change.method}")
    method = Text(zh=f"{name.zh} {change.account}", en=f"{name.en} {change.account}")
    if not change.account:
        method = text("payer_change.elsewhere")
    return text("settlement.pending_value", day=change.effective_day, method=method)
