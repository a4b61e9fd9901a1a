"""For which workspaces the person who is signed in could take up a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from guance_portal import sites
from guance_portal.accounts.members.access import is_limited
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.payers import queries as payers
from guance_portal.payers.cloud_accounts import CloudAccountService
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import WorkspacePayer
from guance_portal.sites import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays for a workspace: the method, and the account as it is shown."""

    method: SettlementMethod
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOption:
    """A workspace that the claimed account could settle, and who pays for it now; without an id it is only registered.

    `is_newcomer`: it is registered for a sign-up that waits for its workspace.
    """

    realm: Realm
    workspace_id: str
    name: str = ""
    site: str = ""
    payer: Payer | None = None
    is_newcomer: bool = False


class ClaimOffers:
    """Answers the claim page."""

    def __init__(self, database: Database, cloud_accounts: CloudAccountService) -> None:
        self._database, self._cloud_accounts = database, cloud_accounts

    async def options(self, actor: Actor, currency: Currency) -> tuple[ClaimOption, ...]:
        """What the actor can choose among, charged in this currency; the session's own workspace first."""
        async with self._database.reading() as work:
            workspaces = await _workspaces(work, actor)
            shown = await payers.shown_accounts(work, [payer for _, payer in workspaces])
        found = [
            ClaimOption(
                realm=actor.realm,
                workspace_id=one.id,
                name=one.name,
                site=one.site,
                payer=Payer(method=payer.method, account=shown[one.id]),
            )
            for one, payer in sorted(workspaces, key=lambda pair: pair[0].id != actor.workspace_id)
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


async def _workspaces(work: UnitOfWork, actor: Actor) -> Sequence[tuple[Workspace, WorkspacePayer]]:
    if actor.realm is Realm.FEE_CENTER:
        bound = await payers.workspaces_of(work, actor.subject_id, actor.workspace_id)
        return [(workspace, payer) for workspace, payer in bound if workspace.dissolved_at is None]
    found = (
        select(Workspace, WorkspacePayer)
        .join(Member, col(Member.workspace_id) == col(Workspace.id))
        .join(WorkspacePayer, col(WorkspacePayer.workspace_id) == col(Workspace.id))
        .where(col(Member.user_id) == actor.subject_id, col(Member.role) == Role.OWNER)
        .order_by(col(Workspace.created_at), col(Workspace.id))
    )
    return (await work.session.exec(found)).all()
