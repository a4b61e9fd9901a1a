"""Under whose fee-centre account somebody may register cloud accounts."""

from __future__ import annotations

from typing import Protocol

from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.rules import Role
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center, require_payer
from guance_portal.payers.tables import FeeAccount


class NewcomersAccount(Protocol):
    """Finds the fee-centre account of a console user whose sign-up waits for its first workspace; None else."""

    async def __call__(self, work: UnitOfWork, user_id: str) -> str | None:
        """The id of the account."""
        ...


async def claimant(
    work: UnitOfWork, actor: Actor, workspace_id: str, newcomers: NewcomersAccount, *, lock: bool = False
) -> FeeAccount:
    """The account that would be charged; raises NotAllowedError, PasswordNeededError.

    In the fee centre the actor's own: for one of its workspaces, or with the password without any. In the console
    that which pays for a workspace the actor owns, or without any that of a sign-up which waits for its workspace.
    """
    account = await queries.account(work, await _account_id(work, actor, workspace_id, newcomers) or "", lock=lock)
    if account is None:
        raise NotAllowedError
    return account


async def _account_id(work: UnitOfWork, actor: Actor, workspace_id: str, newcomers: NewcomersAccount) -> str | None:
    if actor.realm is Realm.CONSOLE:
        if not workspace_id:
            return await newcomers(work, actor.subject_id)
        if await workspace_queries.role(work, workspace_id, actor.subject_id) is not Role.OWNER:
            raise NotAllowedError
        return await queries.payer_of(work, workspace_id)
    require_fee_center(actor)
    if workspace_id:
        await require_payer(work, actor, workspace_id)
    else:
        require_password_session(actor)
    return actor.subject_id
