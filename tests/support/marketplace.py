"""A marketplace of the same port that the real ones have: it knows what it was told to have sold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor
from guance_portal.core.db import UnitOfWork
from guance_portal.payers.ports import CloudClaim, CloudSubscription
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Currency, Provider


@dataclass(slots=True)
class SimulatedMarketplace:
    """One provider's marketplace, in memory."""

    provider: Provider
    listed: frozenset[Currency] = frozenset(Currency)
    sold: dict[CloudClaim, CloudSubscription] = field(default_factory=dict[CloudClaim, CloudSubscription])

    def address(self, currency: Currency) -> str:
        """See `Marketplace`."""
        return f"https://market.example/{self.provider}/{currency}" if currency in self.listed else ""

    async def find(self, claim: CloudClaim, work: UnitOfWork | None = None) -> CloudSubscription | None:
        """See `Marketplace`."""
        return self.sold.get(claim)

    async def knows(self, instance: str) -> bool:
        """See `Marketplace`."""
        return any(claim.instance == instance for claim in self.sold)

    def sell(self, account: str, instance: str, currency: Currency = Currency.CNY) -> CloudClaim:
        """Somebody subscribes."""
        claim = CloudClaim(account=account, instance=instance)
        self.sold[claim] = CloudSubscription(account=account, instance=instance, currency=currency)
        return claim

    def end(self, claim: CloudClaim, state: SubscriptionState = SubscriptionState.EXPIRED) -> None:
        """The subscription expires, or whatever else becomes of it."""
        self.sold[claim] = replace(self.sold[claim], state=state)


def simulated_marketplaces() -> tuple[SimulatedMarketplace, ...]:
    """One marketplace for each provider that has listings."""
    return tuple(SimulatedMarketplace(provider) for provider in Provider if provider.listings)


async def register(
    services: Services,
    actor: Actor,
    account: str,
    *,
    provider: Provider = Provider.ALIYUN,
    currency: Currency = Currency.CNY,
) -> str:
    """Subscribe at the provider's simulator and register it under the actor's fee-centre account; returns the id."""
    marketplace = services.settlement.providers.marketplace(provider)
    assert isinstance(marketplace, SimulatedMarketplace)
    return await services.cloud_accounts.register(
        actor, provider, marketplace.sell(account, f"inst-{account}", currency), is_proven=True
    )
