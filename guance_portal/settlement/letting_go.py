"""解除登记: a cloud account that pays for nothing is taken from its fee-centre account; at the cloud nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.payers import cloud_emails
from guance_portal.payers import queries as payers
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.tables import CloudAccount, FeeAccount
from guance_portal.settlement import errors, queries


@dataclass(frozen=True, slots=True, kw_only=True)
class DependentWorkspace:
    """A workspace for which an account is still needed; `until` is the day its method changes, None: no change waits.

    `is_coming`: the account does not pay for it yet, and will from `until` on.
    """

    workspace: str
    until: date | None
    is_coming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGoAnswer:
    """The account as it is shown, and what holds it; without holds it can be let go."""

    account: str
    holds: tuple[DependentWorkspace, ...]


class LettingGo:
    """`clock` tells business time. Raises NotAllowedError and PasswordNeededError for anyone who may not."""

    def __init__(self, database: Database, clock: Clock, *, public_url: str) -> None:
        self._database, self._clock, self._public_url = database, clock, public_url

    async def ask(self, actor: Actor, cloud_account_id: str) -> LetGoAnswer:
        """Whether an account could be let go now; raises CloudAccountGoneError."""
        async with self._database.reading() as work:
            _, cloud = await self._mine(work, actor, cloud_account_id)
            holds = await _holds(work, cloud, self._clock.now())
        return LetGoAnswer(account=cloud.shown, holds=tuple(holds))

    async def let_go(self, actor: Actor, cloud_account_id: str, *, caller: Caller | None = None) -> None:
        """Take it from the fee-centre account, audited and told to it by mail; the pair may be registered again.

        Under the lock of the paying account, which every change of settlement takes too. Raises CloudAccountGoneError,
        CloudAccountHeldError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            account, cloud = await self._mine(work, actor, cloud_account_id, lock=True)
            if await _holds(work, cloud, now):
                raise errors.CloudAccountHeldError
            cloud.let_go_at = now
            account.version += 1
            audit.record(work, "cloud_account.let_go", ("cloud_account", cloud.id), at=now, actor=actor, caller=caller)
            await cloud_emails.say_let_go(work, account, cloud, now, public_url=self._public_url)
            await work.commit()

    async def _mine(
        self, work: UnitOfWork, actor: Actor, cloud_account_id: str, *, lock: bool = False
    ) -> tuple[FeeAccount, CloudAccount]:
        require_fee_center(actor)
        require_password_session(actor)
        account = await payers.account(work, actor.subject_id, lock=lock)
        if account is None:
            raise NotAllowedError
        cloud = await payers.registered(work, account.id, cloud_account_id)
        if cloud is None:
            raise errors.CloudAccountGoneError
        return account, cloud


async def _holds(work: UnitOfWork, cloud: CloudAccount, now: datetime) -> Sequence[DependentWorkspace]:
    """The workspaces it pays for, and those that it will pay for."""
    paid = await queries.paid_with_pending(work, cloud.id, now)
    coming = await queries.pending_to(work, cloud.id)
    return [
        *(DependentWorkspace(workspace=name, until=day) for name, day in paid),
        *(DependentWorkspace(workspace=name, until=day, is_coming=True) for name, day in coming),
    ]
