"""For which workspaces whoever is signed in could take up a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from guance_portal import sites
from guance_portal.accounts.access import is_limited
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import WorkspacePayer

if TYPE_CHECKING:
    from guance_portal.core.actor import Actor
    from guance_portal.core.db import Database, UnitOfWork
    from guance_portal.payers.cloud_accounts import CloudAccountService
    from guance_portal.sites import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOption:
    """A workspace that the claimed account could settle; without an id the account is only registered.

    `is_newcomer`: it is registered for a sign-up that waits for its workspace.
    """

    realm: Realm
    workspace_id: str
    name: str = ""
    site: str = ""
    is_newcomer: bool = False


class ClaimOffers:
    """Answers the claim page."""

    def __init__(self, database: Database, cloud_accounts: CloudAccountService) -> None:
        self._database, self._cloud_accounts = database, cloud_accounts

    async def options(self, actor: Actor, currency: Currency) -> tuple[ClaimOption, ...]:
        """What the actor can choose among, charged in this currency; the session's own workspace first."""
        async with self._database.reading() as work:
            workspaces = await _workspaces(work, actor)
        found = [
            ClaimOption(realm=actor.realm, workspace_id=one.id, name=one.name, site=one.site)
            for one in sorted(workspaces, key=lambda one: one.id != actor.workspace_id)
            if sites.get(one.site).currency is currency
        ]
        if not is_limited(actor) and await self._may_only_register(actor, currency):
            is_newcomer = actor.realm is Realm.CONSOLE
            found.append(ClaimOption(realm=actor.realm, workspace_id="", is_newcomer=is_newcomer))
        return tuple(found)

    async def _may_only_register(self, actor: Actor, currency: Currency) -> bool:
        """In the fee centre always; in the console while a sign-up waits for its workspace."""
        try:
            return (await self._cloud_accounts.of(actor)).currency is currency
        except PortalError:
            return False


async def _workspaces(work: UnitOfWork, actor: Actor) -> list[Workspace]:
    if actor.realm is Realm.FEE_CENTER:
        return [workspace for workspace, _ in await payers.workspaces_of(work, actor.subject_id, actor.workspace_id)]
    found = (
        select(Workspace)
        .join(Member, col(Member.workspace_id) == col(Workspace.id))
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(Member.user_id) == actor.subject_id, col(Member.role) == Role.OWNER)
        .order_by(col(Workspace.created_at), col(Workspace.id))
    )
    return list((await work.session.exec(found)).all())
