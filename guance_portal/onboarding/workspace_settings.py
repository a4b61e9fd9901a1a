"""空间设置: what a workspace is called, which language it speaks, and what dissolving it would mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guance_portal import sites
from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.members import queries as members_queries
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import MANAGERS, require_role, require_shown
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.messages import Language
from guance_portal.onboarding import rules
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.payers import queries as payers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.settlement import standing
from guance_portal.sites import Site


class SettingsNotManagerError(PortalError, code="errors.settings_not_manager"):
    """Only the owner and the administrators change the settings of a workspace. Parameter: owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillToPay:
    """Who settles the open billing day of a workspace; `account` is who is charged, a cloud account masked.

    `pending_day` is that of a change that waits, if there is one.
    """

    method: SettlementMethod
    account: str
    today: date
    pending_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What dissolving would end, told to the owner alone. `payer` is None for a 体验版."""

    other_members: int
    invitations: int
    payer: StillToPay | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """The settings of a workspace, for a member of `role`; `ending` is for its owner."""

    workspace_id: str
    name: str
    language: Language
    site: Site
    edition: Edition
    opened_at: datetime
    role: Role
    owner: str
    ending: Ending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsOrder:
    """保存. `workspace_id` is the one that the page shows."""

    actor: Actor
    caller: Caller
    workspace_id: str
    name: str
    language: Language


class SettingsService:
    """Shows and changes them for the members of the workspace that the session looks at."""

    def __init__(self, tools: SignUpTools) -> None:
        self._tools, self._database, self._clock = tools, tools.database, tools.clock

    async def view(self, actor: Actor) -> SettingsView:
        """The settings, for every member; raises NotAllowedError."""
        async with self._database.reading() as work:
            role = await require_role(work, actor)
            workspace = await members_queries.workspace(work, actor.workspace_id)
            if workspace is None:
                raise NotAllowedError
            return SettingsView(
                workspace_id=workspace.id,
                name=workspace.name,
                language=workspace.language,
                site=sites.get(workspace.site),
                edition=workspace.edition,
                opened_at=workspace.created_at,
                role=role,
                owner=await _owner(work, workspace.id),
                ending=await self._ending(work, workspace) if role is Role.OWNER else None,
            )

    async def change(self, order: SettingsOrder) -> None:
        """Give the workspace another name or language, audited; the present ones change nothing.

        Raises NotAllowedError, SettingsNotManagerError, WorkspaceDissolvedError, and what `require_shown` and
        `rules.workspace_name` (field `name`) raise.
        """
        order.actor.require(Realm.CONSOLE)
        require_shown(order.actor, order.workspace_id)
        name = rules.workspace_name(order.name)
        async with self._database.writing() as work:
            # The payer before the workspace, as everything that takes both.
            if payer := await payers.payer_of(work, order.workspace_id):
                await payers.account(work, payer, lock=True)
            workspace = await members_queries.workspace(work, order.workspace_id, lock=True)
            await _require_manager(work, order, workspace)
            if workspace and (workspace.name, workspace.language) != (name, order.language):
                before = f"{workspace.name} · {workspace.language.value}"
                workspace.name, workspace.language = name, order.language
                audit.record(
                    work,
                    "workspace.changed",
                    ("workspace", workspace.id),
                    at=self._clock.now(),
                    actor=order.actor,
                    caller=order.caller,
                    before=before,
                    after=f"{name} · {order.language.value}",
                )
                await payers.count_change(work, workspace.id)
            await work.commit()

    async def _ending(self, work: UnitOfWork, workspace: Workspace) -> Ending:
        return Ending(
            other_members=await upgrade_queries.count_members(work, workspace.id) - 1,
            invitations=len(await members_queries.open_invitations(work, workspace.id)),
            payer=await self._still_to_pay(work, workspace.id),
        )

    async def _still_to_pay(self, work: UnitOfWork, workspace_id: str) -> StillToPay | None:
        if await payers.payer_of(work, workspace_id) is None:
            return None
        here = await standing.read(work, workspace_id, self._tools.business_clock.now())
        cloud = here.cloud(here.payer.cloud_account_id)
        return StillToPay(
            method=here.payer.method,
            account=cloud.shown if cloud else here.account.username,
            today=here.today,
            pending_day=here.pending.effective_day if here.pending else None,
        )


async def _owner(work: UnitOfWork, workspace_id: str) -> str:
    owner = await workspace_queries.owner(work, workspace_id)
    return owner.username if owner else ""


async def _require_manager(work: UnitOfWork, order: SettingsOrder, workspace: Workspace | None) -> None:
    if workspace and workspace.dissolved_at is not None:
        raise WorkspaceDissolvedError
    role = await workspace_queries.role(work, order.workspace_id, order.actor.subject_id)
    if role is None:
        raise NotAllowedError
    if role not in MANAGERS:
        raise SettingsNotManagerError(owner=await _owner(work, order.workspace_id))
