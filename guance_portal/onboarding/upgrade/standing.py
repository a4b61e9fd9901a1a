"""The parties of an upgrade: the workspace of the page, its owner, and the account that would pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal import sites
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_shown
from guance_portal.accounts.rules import Edition, Role
from guance_portal.accounts.tables import User, Workspace
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.onboarding import queries
from guance_portal.onboarding.upgrade import queries as upgrade_queries
from guance_portal.onboarding.upgrade.forms import PayerDraft
from guance_portal.onboarding.upgrade.rules import (
    PROOF_LIFE,
    AlreadyCommercialError,
    NotOwnerError,
)
from guance_portal.payers.tables import FeeAccount
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeStanding:
    """A workspace and the console user who owns it."""

    workspace: Workspace
    user: User

    @property
    def site(self) -> Site:
        """Where the workspace stands."""
        return sites.get(self.workspace.site)

    def require_free(self) -> None:
        """Raise AlreadyCommercialError once it was upgraded, or when it was opened so."""
        if self.workspace.edition is Edition.COMMERCIAL:
            raise AlreadyCommercialError


async def stand(work: UnitOfWork, actor: Actor, workspace_id: str, *, lock: bool = True) -> UpgradeStanding:
    """The workspace, locked, with its owner, who is the actor.

    `workspace_id` is the one that the page shows. Raises NotAllowedError for a stranger, NotOwnerError, and as
    `require_shown` does.
    """
    actor.require(Realm.CONSOLE)
    require_shown(actor, workspace_id)
    workspace = await upgrade_queries.workspace(work, workspace_id, lock=lock)
    role = await workspace_queries.role(work, workspace_id, actor.subject_id)
    if workspace is None or role is None:
        raise NotAllowedError
    if role is not Role.OWNER:
        owner = await workspace_queries.owner(work, workspace_id)
        raise NotOwnerError(owner=owner.username if owner else "")
    user = await queries.user(work, actor.subject_id)
    if user is None:
        raise NotAllowedError
    return UpgradeStanding(workspace=workspace, user=user)


async def own_account(work: UnitOfWork, user_id: str) -> FeeAccount | None:
    """The fee-centre account that a console user opened."""
    began = await queries.registration(work, user_id)
    return await queries.fee_account(work, began.fee_account_id if began else None)


async def payer(work: UnitOfWork, user_id: str, draft: PayerDraft | None, now: datetime) -> FeeAccount | None:
    """Who would pay: the user's own account, else the one a code has proven lately; None while there is neither."""
    if account := await own_account(work, user_id):
        return account
    found = draft.found if draft else None
    if found is None or found.proven_at is None or now - found.proven_at >= PROOF_LIFE:
        return None
    return await queries.fee_account(work, found.proven_account_id)
