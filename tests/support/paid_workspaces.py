"""Owners whose workspace a fee-centre account pays for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.tokens import digest
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import WorkspacePayer
from tests import factories
from tests.factories import SignedIn


@dataclass(frozen=True, kw_only=True)
class Paid:
    """An owner signed in to a workspace, another workspace of the same account, and the account."""

    owner: SignedIn
    workspace_id: str
    other_id: str
    account_id: str


async def bind(services: Services, workspace_id: str, account_id: str) -> None:
    """Let the account pay for the workspace."""
    async with services.database.writing() as work:
        work.session.add(
            WorkspacePayer(
                workspace_id=workspace_id,
                fee_account_id=account_id,
                method=SettlementMethod.ENTERPRISE,
                since=services.clock.now(),
            )
        )
        await work.commit()


async def paid_workspaces(services: Services, caller: Caller | None = None) -> Paid:
    """Somebody signed in to their workspace, which an account pays for; and another one of that account."""
    await factories.console_user(services)
    owner = await factories.sign_in(services, caller=caller)
    team = await factories.team(services, owner)
    other = await services.workspaces.create(owner.actor, "云帆-预发环境", owner.live.language)
    account = await factories.fee_account(services)
    for workspace_id in (team.workspace_id, other):
        await bind(services, workspace_id, account)
    await services.workspaces.choose(owner.actor, team.workspace_id)
    live = await services.sessions.find(Realm.CONSOLE, digest(owner.token))
    assert live
    return Paid(owner=replace(owner, live=live), workspace_id=team.workspace_id, other_id=other, account_id=account)
