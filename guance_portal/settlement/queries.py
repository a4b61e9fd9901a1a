"""All SQL of settlement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import and_, col, or_, select

from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import UnitOfWork
from guance_portal.payers.rules import CloudState
from guance_portal.payers.tables import CloudAccount, WorkspacePayer
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.tables import SettlementChange

LONGEST_DAY = timedelta(hours=25)
"""The day on which the clocks of a site are set back."""
_AT_ONCE = 1_000
_LASTING = (ChangeState.PENDING, ChangeState.EFFECTIVE)


async def workspace_and_payer(work: UnitOfWork, workspace_id: str) -> tuple[Workspace, WorkspacePayer]:
    """A workspace that somebody pays for, and the binding."""
    joined = col(WorkspacePayer.workspace_id) == col(Workspace.id)
    found = select(Workspace, WorkspacePayer).join(WorkspacePayer, joined).where(col(Workspace.id) == workspace_id)
    # The authorisation may have read the binding before the account was locked.
    return (await work.session.exec(found.execution_options(populate_existing=True))).one()


async def changes_that_matter(
    work: UnitOfWork, workspace_ids: Collection[str], months: Collection[str]
) -> Sequence[SettlementChange]:
    """Of each workspace the pending change, the first choice, and those that count in one of the months."""
    found = select(SettlementChange).where(
        col(SettlementChange.workspace_id).in_(workspace_ids),
        col(SettlementChange.state).in_(_LASTING),
        or_(
            col(SettlementChange.state) == ChangeState.PENDING,
            col(SettlementChange.kind) == ChangeKind.FIRST,
            col(SettlementChange.counted_month).in_(months),
        ),
    )
    return (await work.session.exec(found.execution_options(populate_existing=True))).all()


async def effective_changes(work: UnitOfWork, workspace_id: str) -> Sequence[SettlementChange]:
    """The changes of a workspace that took effect, in their order; of one day the last one decides."""
    found = select(SettlementChange).where(
        col(SettlementChange.workspace_id) == workspace_id, col(SettlementChange.state) == ChangeState.EFFECTIVE
    )
    ordered = found.order_by(
        col(SettlementChange.effective_day), col(SettlementChange.ended_at), col(SettlementChange.ordered_at)
    )
    return (await work.session.exec(ordered)).all()


async def change(work: UnitOfWork, change_id: str) -> SettlementChange | None:
    """A change by its id."""
    return await work.session.get(SettlementChange, change_id, populate_existing=True)


async def next_payer(work: UnitOfWork, workspace_id: str) -> str | None:
    """The fee-centre account that a waiting change gives the workspace to."""
    found = select(col(SettlementChange.to_fee_account_id)).where(
        col(SettlementChange.workspace_id) == workspace_id, col(SettlementChange.state) == ChangeState.PENDING
    )
    return (await work.session.exec(found)).first()


async def due(work: UnitOfWork, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
    """Pending changes whose day has begun, the longest due first: their ids and workspaces."""
    found = (
        select(col(SettlementChange.id), col(SettlementChange.workspace_id))
        .where(col(SettlementChange.state) == ChangeState.PENDING, col(SettlementChange.effective_at) <= now)
        .order_by(col(SettlementChange.effective_at))
        .limit(limit)
    )
    return (await work.session.exec(found)).all()


async def paid_by(work: UnitOfWork, cloud_account_id: str) -> Sequence[str]:
    """The workspaces a cloud account pays for now."""
    found = select(col(WorkspacePayer.workspace_id)).where(col(WorkspacePayer.cloud_account_id) == cloud_account_id)
    return (await work.session.exec(found.order_by(col(WorkspacePayer.workspace_id)))).all()


async def dissolved_before(work: UnitOfWork, moment: datetime) -> Sequence[str]:
    """The workspaces that were dissolved before a business moment and are still bound to a payer."""
    found = (
        select(col(Workspace.id))
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(Workspace.dissolved_at) < moment)
    )
    return (await work.session.exec(found.order_by(col(Workspace.id)).limit(_AT_ONCE))).all()


async def cloud_account(work: UnitOfWork, cloud_account_id: str | None) -> CloudAccount | None:
    """A cloud account by its id."""
    return await work.session.get(CloudAccount, cloud_account_id) if cloud_account_id else None


async def paid_with_pending(
    work: UnitOfWork, cloud_account_id: str, now: datetime
) -> Sequence[tuple[str, date | None]]:
    """The names of the workspaces a cloud account pays for, and the day on which each is paid otherwise, if any.

    A dissolved one counts while its last day may still be open.
    """
    is_waiting = and_(
        col(SettlementChange.workspace_id) == col(Workspace.id), col(SettlementChange.state) == ChangeState.PENDING
    )
    found = (
        select(col(Workspace.name), col(SettlementChange.effective_day))
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .outerjoin(SettlementChange, is_waiting)
        .where(
            col(WorkspacePayer.cloud_account_id) == cloud_account_id,
            or_(col(Workspace.dissolved_at).is_(None), col(Workspace.dissolved_at) > now - LONGEST_DAY),
        )
        .order_by(col(WorkspacePayer.since), col(Workspace.id))
    )
    return (await work.session.exec(found)).all()


async def leaving(work: UnitOfWork, fee_account_id: str, *, to: str = "") -> Sequence[str]:
    """The workspaces that a waiting change gives to a live cloud account; with `to`, to that account whatever its state."""
    found = (
        select(col(SettlementChange.workspace_id))
        .join(CloudAccount, col(CloudAccount.id) == col(SettlementChange.to_cloud_account_id))
        .where(
            col(SettlementChange.fee_account_id) == fee_account_id, col(SettlementChange.state) == ChangeState.PENDING
        )
    )
    to_one = col(CloudAccount.id) == to if to else col(CloudAccount.state) == CloudState.LIVE
    return (await work.session.exec(found.where(to_one))).all()


async def pending_to(work: UnitOfWork, cloud_account_id: str) -> Sequence[tuple[str, date]]:
    """The names of the workspaces that a waiting change gives to a cloud account, and from which day on."""
    found = (
        select(col(Workspace.name), col(SettlementChange.effective_day))
        .join(SettlementChange, col(SettlementChange.workspace_id) == col(Workspace.id))
        .where(
            col(SettlementChange.to_cloud_account_id) == cloud_account_id,
            col(SettlementChange.state) == ChangeState.PENDING,
        )
        .order_by(col(SettlementChange.effective_day), col(Workspace.id))
    )
    return (await work.session.exec(found)).all()
