"""All SQL about workspaces and members."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import col, select, update

from guance_portal.accounts.identity.tables import Session
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork


async def of_user(work: UnitOfWork, user_id: str) -> Sequence[tuple[Workspace, Role]]:
    """The workspaces a user is a member of, with the role there, oldest first."""
    found = select(Workspace, col(Member.role)).join(Member, col(Member.workspace_id) == col(Workspace.id))
    mine = found.where(col(Member.user_id) == user_id).order_by(col(Workspace.created_at), col(Workspace.id))
    return (await work.session.exec(mine)).all()


async def role(work: UnitOfWork, workspace_id: str, user_id: str) -> Role | None:
    """A user's role in a workspace; None for anyone who is no member."""
    found = select(col(Member.role)).where(col(Member.workspace_id) == workspace_id, col(Member.user_id) == user_id)
    return (await work.session.exec(found)).one_or_none()


async def owner(work: UnitOfWork, workspace_id: str) -> User | None:
    """The owner of a workspace; None once it is dissolved."""
    found = select(User).join(Member, col(Member.user_id) == col(User.id))
    theirs = found.where(col(Member.workspace_id) == workspace_id, col(Member.role) == Role.OWNER)
    return (await work.session.exec(theirs)).one_or_none()


async def owners(work: UnitOfWork, workspace_ids: Collection[str]) -> dict[str, User]:
    """The owners of workspaces by their ids; a dissolved one has none."""
    found = (
        select(col(Member.workspace_id), User)
        .join(User, col(User.id) == col(Member.user_id))
        .where(col(Member.workspace_id).in_(workspace_ids), col(Member.role) == Role.OWNER)
    )
    return dict((await work.session.exec(found)).all())


async def to_start_in(work: UnitOfWork, user_id: str) -> str:
    """The workspace a new session looks at: the last one used, else the oldest; empty without any."""
    mine = [workspace.id for workspace, _ in await of_user(work, user_id)]
    used = select(Session.workspace_id).where(
        col(Session.realm) == Realm.CONSOLE, col(Session.subject_id) == user_id, col(Session.workspace_id).in_(mine)
    )
    last = (await work.session.exec(used.order_by(col(Session.last_seen_at).desc()).limit(1))).first()
    return last or next(iter(mine), "")


async def choose(work: UnitOfWork, session_id: str, workspace_id: str) -> None:
    """Remember which workspace a session looks at."""
    await work.session.exec(update(Session).where(col(Session.id) == session_id).values(workspace_id=workspace_id))
