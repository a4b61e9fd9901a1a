"""Who may do what in the workspace a session looks at."""

from __future__ import annotations

from collections.abc import Collection

from guance_portal.accounts.errors import NotMemberError, PasswordNeededError, WorkspaceSwitchedError
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.rules import Role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError

MANAGERS = (Role.OWNER, Role.ADMIN)
"""Who sees usage, bills and the token."""


async def require_role(work: UnitOfWork, actor: Actor, allowed: Collection[Role] = tuple(Role)) -> Role:
    """The role of a console user in the workspace of the session; raises NotAllowedError unless it is allowed."""
    if actor.realm is Realm.CONSOLE:
        role = await workspace_queries.role(work, actor.workspace_id, actor.subject_id)
        if role is not None and role in allowed:
            return role
    raise NotAllowedError


def require_shown(actor: Actor, workspace_id: str) -> None:
    """Raise unless the session still looks at the workspace that a page shows.

    Raises NotMemberError when it looks at none any more: the actor was removed, or the workspace dissolved;
    WorkspaceSwitchedError when another tab of the browser has switched it to another one.
    """
    if actor.workspace_id != workspace_id:
        raise WorkspaceSwitchedError if actor.workspace_id else NotMemberError


def is_limited(actor: Actor) -> bool:
    """Whether a fee-centre session came by the SSO handoff from a workspace and sees that one alone."""
    return actor.realm is Realm.FEE_CENTER and actor.workspace_id != ""


def require_password_session(actor: Actor) -> None:
    """Raise PasswordNeededError when the session was not opened with the password of its account."""
    if is_limited(actor):
        raise PasswordNeededError
