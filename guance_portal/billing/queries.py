"""All SQL about plans."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.billing.tables import Upgrade
from guance_portal.core.db import UnitOfWork
from guance_portal.payers.tables import FeeAccount, WorkspacePayer


async def workspace(work: UnitOfWork, workspace_id: str) -> tuple[Workspace, str] | None:
    """A workspace and the name of its owner."""
    found = (
        select(Workspace, col(User.username))
        .join(Member, (col(Member.workspace_id) == col(Workspace.id)) & (col(Member.role) == Role.OWNER))
        .join(User, col(User.id) == col(Member.user_id))
    )
    return (await work.session.exec(found.where(col(Workspace.id) == workspace_id))).one_or_none()


async def upgraded_at(work: UnitOfWork, workspace_id: str) -> datetime | None:
    """When a workspace became 商业版 by an upgrade; None for one that was opened as what it is."""
    found = select(col(Upgrade.upgraded_at)).where(col(Upgrade.workspace_id) == workspace_id)
    return (await work.session.exec(found)).one_or_none()


async def payer(work: UnitOfWork, workspace_id: str) -> str:
    """The username of the fee-centre account that a workspace is bound to; empty where nobody pays."""
    found = select(col(FeeAccount.username)).join(
        WorkspacePayer, col(WorkspacePayer.fee_account_id) == col(FeeAccount.id)
    )
    of = found.where(col(WorkspacePayer.workspace_id) == workspace_id)
    return (await work.session.exec(of)).one_or_none() or ""
