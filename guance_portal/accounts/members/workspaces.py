"""Workspaces: which ones a person has, and which one the session looks at."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.accounts import queries
from guance_portal.accounts.errors import NotMemberError
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.opening import NewWorkspace, open_workspace
from guance_portal.accounts.ports import Directory
from guance_portal.accounts.rules import Edition, Role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceView:
    """A workspace as one of its members sees it in the switcher."""

    id: str
    name: str
    site: str
    edition: Edition
    role: Role
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHere:
    """What somebody is in a workspace, and the name of its owner, who could change that."""

    role: Role
    owner: str


class WorkspaceService:
    """Lists, opens and chooses workspaces for a console user."""

    def __init__(self, database: Database, clock: Clock, people: Directory) -> None:
        self._database, self._clock, self._people = database, clock, people

    async def mine(self, actor: Actor) -> list[WorkspaceView]:
        """The actor's workspaces, oldest first."""
        _require_console(actor)
        async with self._database.reading() as work:
            rows = await workspace_queries.of_user(work, actor.subject_id)
        return [
            WorkspaceView(
                id=row.id,
                name=row.name,
                site=row.site,
                edition=row.edition,
                role=role,
                is_current=row.id == actor.workspace_id,
            )
            for row, role in rows
        ]

    async def role_here(self, actor: Actor) -> RoleHere | None:
        """The actor in the workspace the session looks at; None when it looks at none, or at one they have lost."""
        _require_console(actor)
        async with self._database.reading() as work:
            role = await workspace_queries.role(work, actor.workspace_id, actor.subject_id)
            owner = await workspace_queries.owner(work, actor.workspace_id) if role else None
        return RoleHere(role=role, owner=owner.username if owner else "") if role else None

    async def current(self, actor: Actor) -> WorkspaceView | None:
        """The workspace the session looks at, while the actor is still its member."""
        return next((workspace for workspace in await self.mine(actor) if workspace.is_current), None)

    async def create(self, actor: Actor, name: str, language: Language) -> str:
        """Open a workspace at the actor's site with the actor as its owner; returns its id."""
        _require_console(actor)
        async with self._database.writing() as work:
            owner = await queries.person(work, self._people, actor.subject_id)
            if owner is None:
                raise NotAllowedError
            new = NewWorkspace(site=owner.site, name=name.strip(), language=language, owner_id=owner.id)
            workspace_id = await open_workspace(work, new, self._clock.now(), actor=actor)
            await work.commit()
        return workspace_id

    async def choose(self, actor: Actor, workspace_id: str) -> Role:
        """Let the session look at another of the actor's workspaces; the role there. Raises NotMemberError."""
        _require_console(actor)
        async with self._database.writing() as work:
            role = await workspace_queries.role(work, workspace_id, actor.subject_id)
            if role is None:
                raise NotMemberError
            await workspace_queries.choose(work, actor.session_id, workspace_id)
            await work.commit()
        return role


def _require_console(actor: Actor) -> None:
    actor.require(Realm.CONSOLE)
