"""Cloud accounts under a fee-centre account: registered once, they can pay for any number of workspaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guance_portal.accounts.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.errors import NotAllowedError, PortalError
from guance_portal.core.ids import new_id
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.rules import CloudState, mask
from guance_portal.payers.tables import CloudAccount

if TYPE_CHECKING:
    from datetime import datetime

    from guance_portal.core.actor import Actor
    from guance_portal.core.clock import Clock
    from guance_portal.core.db import Database, UnitOfWork
    from guance_portal.payers.ports import Claim, Subscription
    from guance_portal.payers.registry import Providers
    from guance_portal.sites import Currency, Provider


class SubscriptionUnknownError(PortalError):
    """The marketplace knows no subscription of these ids."""

    code = "errors.subscription_unknown"


class SubscriptionEndedError(PortalError):
    """The subscription has expired or was released."""

    code = "errors.subscription_ended"


class CloudAccountTakenError(PortalError):
    """The subscription is registered under another fee-centre account."""

    code = "errors.cloud_account_taken"


class MarketplaceMissingError(PortalError):
    """The provider's marketplace is not connected, or not configured."""

    code = "errors.marketplace_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAccountView:
    """A registered cloud account, its ids masked. `workspaces` counts those it pays for now."""

    id: str
    provider: Provider
    currency: Currency
    account: str
    instance: str
    state: CloudState
    registered_at: datetime
    workspaces: int


class CloudAccountService:
    """Registers and lists the cloud accounts of a fee-centre account."""

    def __init__(self, database: Database, clock: Clock, providers: Providers) -> None:
        self._database, self._clock, self._providers = database, clock, providers

    async def mine(self, actor: Actor) -> list[CloudAccountView]:
        """The account's cloud accounts, oldest first; raises PasswordNeededError for a limited session."""
        require_fee_center(actor)
        require_password_session(actor)
        async with self._database.reading() as work:
            rows = await queries.cloud_accounts(work, actor.subject_id)
            paid = await queries.workspaces_by_cloud_account(work, actor.subject_id)
        return [
            CloudAccountView(
                id=row.id,
                provider=row.provider,
                currency=row.currency,
                account=mask(row.account),
                instance=mask(row.instance),
                state=row.state,
                registered_at=row.registered_at,
                workspaces=paid.get(row.id, 0),
            )
            for row in rows
        ]

    async def register(self, actor: Actor, provider: Provider, claim: Claim) -> str:
        """Register a subscription under the actor's account and return its id; the same one again gives the same id.

        Raises MarketplaceMissingError, SubscriptionUnknownError, SubscriptionEndedError, CloudAccountTakenError.
        """
        require_fee_center(actor)
        require_password_session(actor)
        marketplace = self._providers.marketplace(provider)
        if marketplace is None:
            raise MarketplaceMissingError
        subscription = await marketplace.find(claim)
        if subscription is None:
            raise SubscriptionUnknownError(field="instance")
        if not subscription.is_live:
            raise SubscriptionEndedError(field="instance")
        async with self._database.writing() as work:
            row = await self._keep(work, actor, provider, subscription)
            await work.commit()
        return row.id

    async def _keep(
        self, work: UnitOfWork, actor: Actor, provider: Provider, subscription: Subscription
    ) -> CloudAccount:
        account = await queries.account(work, actor.subject_id, lock=True)
        if account is None:
            raise NotAllowedError
        pair = (provider, subscription.account, subscription.instance)
        if (row := await queries.cloud_account_of(work, *pair)) is not None:
            if row.fee_account_id != account.id:
                raise CloudAccountTakenError(field="instance")
            return row
        now = self._clock.now()
        row = CloudAccount(
            id=new_id("clda"),
            fee_account_id=account.id,
            provider=provider,
            currency=subscription.currency,
            account=subscription.account,
            instance=subscription.instance,
            registered_at=now,
        )
        if not await queries.add_cloud_account(work, row):
            raise CloudAccountTakenError(field="instance")
        account.version += 1
        audit.record(
            work, "cloud_account.registered", ("cloud_account", row.id), at=now, actor=actor, provider=provider.value
        )
        return row
