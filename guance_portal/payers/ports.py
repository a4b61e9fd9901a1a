"""What the marketplaces of cloud providers must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from guance_portal.core.db import UnitOfWork
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Currency, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudClaim:
    """What somebody says of their subscription: the provider's ids of the account and of what it bought."""

    account: str
    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudSubscription:
    """A subscription as the marketplace knows it.

    `known_as` is the account as its holder knows it, empty where that is `account` itself.
    """

    account: str
    instance: str
    currency: Currency
    known_as: str = ""
    state: SubscriptionState = SubscriptionState.LIVE

    @property
    def is_live(self) -> bool:
        """Whether it can pay: begun, neither expired nor released."""
        return self.state is SubscriptionState.LIVE


class Marketplace(Protocol):
    """One provider's marketplace, with a listing for each currency of the provider's."""

    @property
    def provider(self) -> Provider:
        """Whose it is."""
        ...

    def address(self, currency: Currency) -> str:
        """Where one subscribes to what is charged in a currency; empty unless every setting of that listing is there."""
        ...

    async def find(self, claim: CloudClaim, work: UnitOfWork | None = None) -> CloudSubscription | None:
        """The subscription of exactly these ids; None when the marketplace knows none.

        Within a unit of work it stays as it is until that ends; a caller that locks an account too does so after this.
        """
        ...

    async def knows(self, instance: str) -> bool:
        """Whether there is a subscription with this instance, no matter whose account it belongs to."""
        ...
