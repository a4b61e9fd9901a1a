"""All SQL of upgrades."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update

from guance_portal.accounts.proofs import Changed, Root
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.billing.tables import Upgrade
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding.upgrade_tables import UpgradeDraft
from guance_portal.payers.rules import username_key
from guance_portal.payers.tables import FeeAccount, WorkspacePayer


async def workspace(work: UnitOfWork, workspace_id: str, *, lock: bool = False) -> Workspace | None:
    """A workspace; locked, so that what is done to it is done one after the other. Whoever only points at it may."""
    found = select(Workspace).where(col(Workspace.id) == workspace_id)
    if lock:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await work.session.exec(found)).one_or_none()


async def count_members(work: UnitOfWork, workspace_id: str) -> int:
    """How many members a workspace has, its owner included."""
    found = select(func.count()).select_from(Member).where(col(Member.workspace_id) == workspace_id)
    return (await work.session.exec(found)).one()


async def account_named(work: UnitOfWork, username: str) -> FeeAccount | None:
    """The fee-centre account with this username, as typed."""
    found = select(FeeAccount).where(col(FeeAccount.username_key) == username_key(username))
    return (await work.session.exec(found)).one_or_none()


async def draft(work: UnitOfWork, workspace_id: str, user_id: str) -> UpgradeDraft | None:
    """What the owner has typed so far."""
    return await work.session.get(UpgradeDraft, (workspace_id, user_id))


async def take_draft(work: UnitOfWork, workspace_id: str, user_id: str, now: datetime) -> UpgradeDraft:
    """The owner's draft, locked; a new one when there is none."""
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(UpgradeDraft) if is_postgresql else sqlite.insert(UpgradeDraft)
    fresh = UpgradeDraft(workspace_id=workspace_id, user_id=user_id, updated_at=now)
    await work.session.exec(insert.values(fresh.model_dump()).on_conflict_do_nothing())
    found = select(UpgradeDraft).where(
        col(UpgradeDraft.workspace_id) == workspace_id, col(UpgradeDraft.user_id) == user_id
    )
    taken = (await work.session.exec(found.with_for_update().execution_options(populate_existing=True))).one()
    taken.updated_at = now
    return taken


async def forget_drafts(work: UnitOfWork, before: datetime) -> int:
    """Delete drafts untouched since; returns how many."""
    return (await work.session.exec(delete(UpgradeDraft).where(col(UpgradeDraft.updated_at) < before))).rowcount


async def end_drafts(work: UnitOfWork, workspace_id: str) -> None:
    """Delete whatever was typed for a workspace."""
    await work.session.exec(delete(UpgradeDraft).where(col(UpgradeDraft.workspace_id) == workspace_id))


async def void_proofs(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    """Take back what owners have proven on the way to an upgrade; see `Proofs`.

    That an account may pay stands on the account's mail and password, and on the owner's own password.
    """
    del now
    if changed.root is Root.OWNER:
        await end_drafts(work, changed.id)
        return
    whose = UpgradeDraft.proven_account_id if changed.realm is Realm.FEE_CENTER else UpgradeDraft.user_id
    unproven = {"proven_account_id": None, "proven_at": None, "proven_email": ""}
    await work.session.exec(update(UpgradeDraft).where(col(whose) == changed.id).values(unproven))


async def done(work: UnitOfWork, workspace_id: str) -> tuple[Upgrade, User, FeeAccount, WorkspacePayer | None] | None:
    """An upgrade with who did it, the account that was bound then, and who pays now."""
    found = (
        select(Upgrade, User, FeeAccount, WorkspacePayer)
        .join(User, col(User.id) == col(Upgrade.user_id))
        .outerjoin(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Upgrade.workspace_id))
        .join(
            FeeAccount,
            col(FeeAccount.id) == func.coalesce(col(WorkspacePayer.fee_account_id), col(Upgrade.fee_account_id)),
        )
        .where(col(Upgrade.workspace_id) == workspace_id)
    )
    row = (await work.session.exec(found)).one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None
