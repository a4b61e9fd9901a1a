"""All SQL of upgrades."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from guance_portal.accounts.identity.proofs import Changed, Root
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.billing.tables import Upgrade
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding.upgrade.forms import PAYER
from guance_portal.payers.rules import username_key
from guance_portal.payers.tables import FeeAccount, WorkspacePayer


async def workspace(work: UnitOfWork, workspace_id: str, *, lock: bool = False) -> Workspace | None:
    """A workspace; locked, so that what is done to it is done one after the other. A row that only points at it may."""
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


async def end_drafts(work: UnitOfWork, workspace_id: str) -> None:
    """Delete whatever was typed for a workspace."""
    await PAYER.end_about(work, workspace_id)


async def void_proofs(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    """Take back what owners have proven on the way to an upgrade; see `Proofs`.

    That an account may pay stands on the account's mail and password, and on the owner's own password.
    """
    del now
    if changed.root is Root.OWNER:
        await end_drafts(work, changed.id)
        return
    if changed.realm is Realm.FEE_CENTER:
        proven = await PAYER.with_fact(work, "proven_account_id", changed.id)
    else:
        proven = await PAYER.of_owner(work, f"{changed.realm}:{changed.id}")
    for draft in proven:
        draft.note(proven_account_id="", proven_at=None, proven_email="")
    await work.session.flush()


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
