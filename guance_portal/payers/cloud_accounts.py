"""Cloud accounts under a fee-centre account: registered once, they can pay for any number of workspaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import Database
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.cloud_access import NewcomersAccount, claimant
from guance_portal.payers.cloud_registrar import Claimed, Registrar
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import CloudState, mask
from guance_portal.payers.tables import CloudAccount
from guance_portal.sites import Currency, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAccountView:
    """A registered cloud account, its ids masked. `workspaces` names those it pays for now, oldest binding first.

    `claimed_at` is when somebody last subscribed or verified it.
    """

    id: str
    provider: Provider
    currency: Currency
    account: str
    instance: str
    state: CloudState
    registered_at: datetime
    claimed_at: datetime
    workspaces: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Whether it can pay."""
        return self.state is CloudState.LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAccounts:
    """The cloud accounts of a fee-centre account; `version` grows when there is anything new about them."""

    fee_account_id: str
    site: str
    currency: Currency
    version: int
    accounts: tuple[CloudAccountView, ...]


class CloudAccountService:
    """Registers and lists the cloud accounts of a fee-centre account."""

    def __init__(self, database: Database, registrar: Registrar, *, newcomers: NewcomersAccount) -> None:
        self._database, self._registrar, self._newcomers = database, registrar, newcomers

    async def mine(self, actor: Actor) -> list[CloudAccountView]:
        """The account's cloud accounts, oldest first; raises NotAllowedError, PasswordNeededError."""
        require_fee_center(actor)
        require_password_session(actor)
        return list((await self.of(actor)).accounts)

    async def of(self, actor: Actor, workspace_id: str = "") -> CloudAccounts:
        """Those one may see or register (see `claimant`), oldest first; raises NotAllowedError, PasswordNeededError."""
        async with self._database.reading() as work:
            account = await claimant(work, actor, workspace_id, self._newcomers)
            rows = await queries.cloud_accounts(work, account.id)
            paid = await queries.paid_by_cloud_accounts(work, account.id)
        return CloudAccounts(
            fee_account_id=account.id,
            site=account.site,
            currency=account.currency,
            version=account.version,
            accounts=tuple(_view(row, paid.get(row.id, ())) for row in rows),
        )

    async def register(
        self,
        actor: Actor,
        provider: Provider,
        claim: CloudClaim,
        *,
        workspace_id: str = "",
        is_proven: bool = False,
        caller: Caller | None = None,
    ) -> str:
        """Register a subscription, for whom see `claimant`, and return its id; the same one again gives the same id.

        `is_proven`: the browser brought it from the marketplace, see `Claimed`. Raises NotAllowedError, PasswordNeededError, and a CloudError of the right kind.
        """
        async with self._database.reading() as work:
            account = await claimant(work, actor, workspace_id, self._newcomers)
        asked = Claimed(
            fee_account_id=account.id, currency=account.currency, provider=provider, claim=claim, is_proven=is_proven
        )
        await self._registrar.verify(asked)
        async with self._database.writing() as work:
            found = await self._registrar.confirm(work, asked)
            account = await claimant(work, actor, workspace_id, self._newcomers, lock=True)
            row = await self._registrar.save(work, account, provider, found, actor=actor, caller=caller)
            await work.commit()
        return row.id


def _view(row: CloudAccount, workspaces: Sequence[str]) -> CloudAccountView:
    return CloudAccountView(
        id=row.id,
        provider=row.provider,
        currency=row.currency,
        account=row.shown,
        instance=mask(row.instance),
        state=row.state,
        registered_at=row.registered_at,
        claimed_at=row.claimed_at,
        workspaces=tuple(workspaces),
    )
