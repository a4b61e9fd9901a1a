"""All SQL about members and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, select, update

from guance_portal.accounts.identity.tables import Session
from guance_portal.accounts.members.invitation_tables import Invitation, InvitationEnd
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork


async def workspace(work: UnitOfWork, workspace_id: str, *, lock: bool = False) -> Workspace | None:
    """A workspace; locked, so that its members are changed one after the other."""
    found = select(Workspace).where(col(Workspace.id) == workspace_id)
    # A row that only points at the workspace, such as its meter, need not wait.
    locked = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await work.session.exec(locked if lock else found)).one_or_none()


async def members(work: UnitOfWork, workspace_id: str) -> Sequence[tuple[Member, User]]:
    """The members of a workspace, in the order they came."""
    found = (
        select(Member, User)
        .join(User, col(User.id) == col(Member.user_id))
        .where(col(Member.workspace_id) == workspace_id)
        .order_by(col(Member.created_at), col(Member.user_id))
    )
    return (await work.session.exec(found)).all()


async def set_role(work: UnitOfWork, workspace_id: str, user_id: str, role: Role) -> None:
    """Give a member another role."""
    theirs = col(Member.workspace_id) == workspace_id, col(Member.user_id) == user_id
    await work.session.exec(update(Member).where(*theirs).values(role=role))


async def remove(work: UnitOfWork, workspace_id: str, user_id: str) -> None:
    """End a membership; sessions of theirs that look at the workspace look at none."""
    theirs = col(Member.workspace_id) == workspace_id, col(Member.user_id) == user_id
    await work.session.exec(delete(Member).where(*theirs))
    looking = (
        col(Session.realm) == Realm.CONSOLE,
        col(Session.subject_id) == user_id,
        col(Session.workspace_id) == workspace_id,
    )
    await work.session.exec(update(Session).where(*looking).values(workspace_id=""))


async def remove_all(work: UnitOfWork, workspace_id: str) -> None:
    """End every membership of a workspace; sessions that look at it look at none."""
    await work.session.exec(delete(Member).where(col(Member.workspace_id) == workspace_id))
    looking = col(Session.realm) == Realm.CONSOLE, col(Session.workspace_id) == workspace_id
    await work.session.exec(update(Session).where(*looking).values(workspace_id=""))


async def end_invitations(work: UnitOfWork, workspace_id: str, now: datetime) -> int:
    """Make every open invitation into a workspace worthless; returns how many there were."""
    still_open = col(Invitation.workspace_id) == workspace_id, col(Invitation.ended_at).is_(None)
    ended = update(Invitation).where(*still_open).values(ended_at=now, end=InvitationEnd.REVOKED)
    return (await work.session.exec(ended)).rowcount


async def end_sso_handoffs(work: UnitOfWork, workspace_id: str, now: datetime) -> None:
    """End the fee-centre sessions that are limited to a workspace: they were its owner's."""
    came = (
        col(Session.realm) == Realm.FEE_CENTER,
        col(Session.workspace_id) == workspace_id,
        col(Session.ended_at).is_(None),
    )
    await work.session.exec(update(Session).where(*came).values(ended_at=now))


async def user_at(work: UnitOfWork, site: str, email_key: str) -> User | None:
    """The console user with this e-mail (as compared) at a site."""
    found = select(User).where(col(User.site) == site, col(User.email_key) == email_key)
    return (await work.session.exec(found)).one_or_none()


async def user(work: UnitOfWork, user_id: str) -> User | None:
    """A console user."""
    return await work.session.get(User, user_id)


async def open_invitations(work: UnitOfWork, workspace_id: str) -> Sequence[tuple[Invitation, User]]:
    """The invitations into a workspace that nobody has used or revoked, with who sent them, oldest first."""
    found = (
        select(Invitation, User)
        .join(User, col(User.id) == col(Invitation.invited_by))
        .where(col(Invitation.workspace_id) == workspace_id, col(Invitation.ended_at).is_(None))
        .order_by(col(Invitation.created_at), col(Invitation.id))
    )
    return (await work.session.exec(found)).all()


async def open_invitation(work: UnitOfWork, workspace_id: str, email_key: str) -> Invitation | None:
    """The open invitation of an address."""
    found = select(Invitation).where(
        col(Invitation.workspace_id) == workspace_id,
        col(Invitation.email_key) == email_key,
        col(Invitation.ended_at).is_(None),
    )
    return (await work.session.exec(found.with_for_update())).one_or_none()


async def invitation(work: UnitOfWork, workspace_id: str, invitation_id: str) -> Invitation | None:
    """An open invitation into a workspace, locked."""
    found = select(Invitation).where(
        col(Invitation.workspace_id) == workspace_id,
        col(Invitation.id) == invitation_id,
        col(Invitation.ended_at).is_(None),
    )
    return (await work.session.exec(found.with_for_update())).one_or_none()


async def invitation_by_token(
    work: UnitOfWork, token_hash: str, now: datetime, *, lock: bool = False
) -> Invitation | None:
    """The invitation with this token, if it may still be used."""
    found = select(Invitation).where(
        col(Invitation.token_hash) == token_hash, col(Invitation.ended_at).is_(None), col(Invitation.expires_at) > now
    )
    return (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()
