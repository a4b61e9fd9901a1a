"""What marketplaces say was bought, and subscriptions as others see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from guance_portal.marketplaces.listings import Listing
from guance_portal.marketplaces.tables import Subscription
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import SubscriptionState
from guance_portal.sites import Currency, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a marketplace says was bought. Without an `instance` one of 128 random bits is made.

    `known_as` is the account as the buyer knows it, empty where that is `account` itself.
    `revives`: a subscription of the same pair that has ended is live again, as when an AWS account subscribes again.
    """

    listing: Listing
    account: str
    instance: str = ""
    known_as: str = ""
    reference: str = ""
    sku: str = ""
    state: SubscriptionState = SubscriptionState.LIVE
    is_trial: bool = False
    expires_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    revives: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionView:
    """A subscription as it stands."""

    id: str
    listing_id: str
    provider: Provider
    currency: Currency
    account: str
    instance: str
    known_as: str
    reference: str
    sku: str
    state: SubscriptionState
    is_trial: bool
    expires_at: datetime | None
    updated_at: datetime

    @property
    def is_live(self) -> bool:
        """Whether it can pay."""
        return self.state is SubscriptionState.LIVE

    @property
    def buyer(self) -> str:
        """The account as the buyer knows it."""
        return self.known_as or self.account

    @property
    def claim(self) -> CloudClaim:
        """The pair that a cloud account is registered by."""
        return CloudClaim(account=self.account, instance=self.instance)


def view(row: Subscription) -> SubscriptionView:
    """A row as others see it."""
    return SubscriptionView(**row.model_dump(include=set(SubscriptionView.__dataclass_fields__)))
