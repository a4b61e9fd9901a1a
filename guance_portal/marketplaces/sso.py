"""Marketplace SSO (免登): the market vouches for whose browser comes. For a while that browser need not type what it proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.marketplaces import queries
from guance_portal.marketplaces.purchases import SubscriptionView, view
from guance_portal.marketplaces.tables import MarketplaceSso
from guance_portal.payers import queries as payers
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Currency, Provider

LASTS = timedelta(minutes=30)
"""How long a browser keeps what it proved: enough for a sign-up."""
_KEPT = timedelta(days=1)


class MarketplaceSsoUsedError(PortalError, code="marketplace_sso.problem.used"):
    """The market's link was followed before: it works once."""


class MarketplaceSsoStaleError(PortalError, code="marketplace_sso.problem.stale"):
    """The market's link is older than two minutes, or from the future."""


class MarketplaceSsoUnknownError(PortalError, code="marketplace_sso.problem.unknown"):
    """The market vouches for an instance that it never told us of."""


class MarketplaceSsoEndedError(PortalError, code="marketplace_sso.problem.ended"):
    """The subscription has expired or was released."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoProof:
    """What a browser proved, until when, and under which fee-centre account it is registered already, if any."""

    subscription: SubscriptionView
    until: datetime
    fee_account_id: str | None

    @property
    def claim(self) -> CloudClaim:
        """The pair, ready to be registered."""
        return self.subscription.claim


class MarketplaceSsoService:
    """Keeps which browser proved which subscription. `visitor` is the hash of its visitor cookie."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def arrive(self, token_hash: str, visitor: str, subscription_id: str) -> None:
        """Note an arrival whose token was checked; raises MarketplaceSsoUsedError when it has arrived before."""
        row = MarketplaceSso(
            token_hash=token_hash, visitor=visitor, subscription_id=subscription_id, proven_at=self._clock.now()
        )
        async with self._database.writing() as work:
            if not await queries.add(work, row):
                raise MarketplaceSsoUsedError
            await work.commit()

    async def waiting(self, visitor: str) -> SsoProof | None:
        """What the browser proved last, while it is fresh and the subscription lives; None for nothing."""
        if not visitor:
            return None
        async with self._database.reading() as work:
            row = await queries.marketplace_sso(work, visitor, self._clock.now() - LASTS)
            subscription = await queries.subscription(work, row.subscription_id) if row else None
            if row is None or subscription is None or subscription.state is not SubscriptionState.LIVE:
                return None
            pair = (subscription.provider, subscription.account, subscription.instance)
            cloud = await payers.cloud_account_of(work, *pair)
        return SsoProof(
            subscription=view(subscription),
            until=row.proven_at + LASTS,
            fee_account_id=cloud.fee_account_id if cloud else None,
        )

    async def pair(self, visitor: str, provider: Provider, currency: Currency) -> CloudClaim | None:
        """The pair a dialog of this provider and currency need not ask for; None when it must."""
        proven = await self.waiting(visitor)
        if proven is None:
            return None
        is_fitting = (proven.subscription.provider, proven.subscription.currency) == (provider, currency)
        return proven.claim if is_fitting else None

    async def end(self, visitor: str) -> None:
        """Forget what the browser proved: it was registered, or is not wanted."""
        async with self._database.writing() as work:
            await queries.end_marketplace_sso(work, visitor, self._clock.now())
            await work.commit()

    async def delete_old(self) -> None:
        """Forget arrivals of more than a day ago: their tokens are stale long since."""
        async with self._database.writing() as work:
            await queries.delete_marketplace_sso(work, self._clock.now() - _KEPT)
            await work.commit()
