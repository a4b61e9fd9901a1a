"""What plan a workspace is on, and who pays for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.rules import Edition, Role
from guance_portal.billing import queries
from guance_portal.core.actor import Actor
from guance_portal.core.db import Database
from guance_portal.core.errors import NotAllowedError
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspacePlan:
    """A workspace as 付费计划与账单 shows it to a member of `role`.

    `opened_at` is when it came to be on the edition it has: at its opening, or by an upgrade (`is_upgraded`). `payer` is
    a fee-centre username, empty for a 体验版.
    """

    workspace_id: str
    name: str
    site: Site
    edition: Edition
    opened_at: datetime
    is_upgraded: bool
    owner: str
    role: Role
    payer: str


class PlanService:
    """Tells owner and admin the plan of the workspace their session looks at."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, actor: Actor) -> WorkspacePlan:
        """The plan of the session's workspace; raises NotAllowedError for everybody but owner and admin."""
        async with self._database.reading() as work:
            role = await require_role(work, actor, MANAGERS)
            found = await queries.workspace(work, actor.workspace_id)
            upgraded_at = await queries.upgraded_at(work, actor.workspace_id)
            payer = await queries.payer(work, actor.workspace_id)
        if found is None:
            raise NotAllowedError
        workspace, owner = found
        return WorkspacePlan(
            workspace_id=workspace.id,
            name=workspace.name,
            site=sites.get(workspace.site),
            edition=workspace.edition,
            opened_at=upgraded_at or workspace.created_at,
            is_upgraded=upgraded_at is not None,
            owner=owner,
            role=role,
            payer=payer,
        )
