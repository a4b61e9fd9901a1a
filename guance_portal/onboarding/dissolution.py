"""解散: a workspace is dissolved by its owner, once and for good, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.errors import WorkspaceDissolvedError
from guance_portal.accounts.members import queries as members_queries
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_shown
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core import audit, drafts, plain
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.metering import tally
from guance_portal.onboarding import dissolution_emails, queries
from guance_portal.onboarding.tools import SignUpTools
from guance_portal.payers import queries as payers
from guance_portal.settlement.dissolving import Dissolving, Settled
from guance_portal.sites import Site


class DissolveNotOwnerError(PortalError, code="errors.dissolve_not_owner"):
    """Only the owner dissolves a workspace. Parameter: owner."""


CONFIRMED = "confirmed_name"
"""The field of the typed name; the form of the page has a field `name` already."""


class WrongWorkspaceNameError(PortalError, code="errors.wrong_workspace_name"):
    """What was typed to confirm is not the name of the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveOrder:
    """解散工作空间. `workspace_id` is the one that the page shows, `name` what was typed to confirm."""

    actor: Actor
    caller: Caller
    workspace_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveReceipt:
    """What was dissolved, at which business moment. `next_workspace_id` is the one the session looks at now, if any.

    `is_repeated`: it had been done before this was asked for.
    """

    workspace_id: str
    workspace_name: str
    site: Site
    edition: Edition
    email: str
    dissolved_at: datetime
    next_workspace_id: str
    is_repeated: bool = False


class DissolutionService:
    """Dissolves workspaces for their owners."""

    def __init__(self, tools: SignUpTools, dissolving: Dissolving) -> None:
        self._tools, self._dissolving = tools, dissolving
        self._database, self._clock = tools.database, tools.clock

    async def dissolve(self, order: DissolveOrder) -> DissolveReceipt:
        """End the workspace: token, members, invitations and what waits, all or nothing; emails to all concerned.

        What was used until then is still to be paid, by the method in force. A repeated order of the same person gets
        the first one's receipt. Raises NotAllowedError, WorkspaceDissolvedError, DissolveNotOwnerError,
        WrongWorkspaceNameError (field CONFIRMED), and as `require_shown` does.
        """
        order.actor.require(Realm.CONSOLE)
        receipt = None
        while receipt is None:  # a workspace gets a payer once: the second turn is the last
            receipt = await self._try(order)
        return receipt

    async def _try(self, order: DissolveOrder) -> DissolveReceipt | None:
        """None when the workspace came to be paid while this waited for its lock: the payer is locked before it."""
        async with self._database.writing() as work:
            payer = await payers.payer_of(work, order.workspace_id)
            if payer:
                await payers.account(work, payer, lock=True)
            workspace = await members_queries.workspace(work, order.workspace_id, lock=True)
            user = await queries.user(work, order.actor.subject_id)
            if workspace is None or user is None:
                raise NotAllowedError
            if workspace.dissolved_at is not None:
                return _first_receipt(workspace, user, order.actor)
            await _require_owner(work, order)
            if plain.search(order.name) != workspace.name:
                raise WrongWorkspaceNameError(field=CONFIRMED)
            if await payers.payer_of(work, order.workspace_id) != payer:
                return None
            receipt = await self._dissolve(work, order, workspace, user, payer)
            await work.commit()
        return receipt

    async def _dissolve(
        self, work: UnitOfWork, order: DissolveOrder, workspace: Workspace, user: User, payer: str | None
    ) -> DissolveReceipt:
        now, business_now = self._clock.now(), self._tools.business_clock.now()
        settled = await self._dissolving.end_in(work, workspace.id, order.actor, order.caller) if payer else None
        # Nothing is counted meanwhile, and those who watch the workspace see that something happened.
        await tally.lock(work, workspace.id)
        await self._tools.tokens.retire(work, workspace.id)
        await self._tools.keys.end_all(work, workspace.id)
        people = [member for _, member in await members_queries.members(work, workspace.id)]
        invitations = await members_queries.end_invitations(work, workspace.id, now)
        await members_queries.remove_all(work, workspace.id)
        await members_queries.end_sso_handoffs(work, workspace.id, now)
        await drafts.end_about(work, workspace.id)
        workspace.dissolved_at, workspace.dissolved_by = business_now, user.id
        await work.session.flush()
        next_id = await _look_elsewhere(work, order.actor)
        _note(work, order, workspace, settled, now=now, members=len(people), invitations=invitations)
        await dissolution_emails.say_dissolved(work, workspace, user, people, settled)
        return _receipt(workspace, user, next_id)


async def _require_owner(work: UnitOfWork, order: DissolveOrder) -> None:
    require_shown(order.actor, order.workspace_id)
    role = await workspace_queries.role(work, order.workspace_id, order.actor.subject_id)
    if role is None:
        raise NotAllowedError
    if role is not Role.OWNER:
        owner = await workspace_queries.owner(work, order.workspace_id)
        raise DissolveNotOwnerError(owner=owner.username if owner else "")


def _first_receipt(workspace: Workspace, user: User, actor: Actor) -> DissolveReceipt:
    if workspace.dissolved_by != user.id:
        raise WorkspaceDissolvedError
    return _receipt(workspace, user, actor.workspace_id, is_repeated=True)


async def _look_elsewhere(work: UnitOfWork, actor: Actor) -> str:
    """Let the session look at the oldest workspace that is left; the id, empty when there is none."""
    left = await workspace_queries.of_user(work, actor.subject_id)
    next_id = left[0][0].id if left else ""
    await workspace_queries.choose(work, actor.session_id, next_id)
    return next_id


def _receipt(workspace: Workspace, user: User, next_id: str, *, is_repeated: bool = False) -> DissolveReceipt:
    if workspace.dissolved_at is None:
        raise RuntimeError(f"{workspace.id} is not dissolved")
    return DissolveReceipt(
        workspace_id=workspace.id,
        workspace_name=workspace.name,
        site=sites.get(workspace.site),
        edition=workspace.edition,
        email=user.email,
        dissolved_at=workspace.dissolved_at,
        next_workspace_id=next_id,
        is_repeated=is_repeated,
    )


def _note(
    work: UnitOfWork,
    order: DissolveOrder,
    workspace: Workspace,
    settled: Settled | None,
    *,
    now: datetime,
    members: int,
    invitations: int,
) -> None:
    audit.record(
        work,
        "workspace.dissolved",
        ("workspace", workspace.id),
        at=now,
        actor=order.actor,
        caller=order.caller,
        name=workspace.name,
        payer=settled.here.account.username if settled else "",
        method=settled.here.payer.method.value if settled else "",
        members=str(members),
        invitations=str(invitations),
    )
