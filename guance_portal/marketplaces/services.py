"""The services of the marketplaces, joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guance_portal.marketplaces.adapter import ListedMarketplace
from guance_portal.marketplaces.free_login import FreeLoginService
from guance_portal.marketplaces.notices import NoticeService
from guance_portal.marketplaces.subscriptions import SubscriptionService
from guance_portal.sites import Provider

if TYPE_CHECKING:
    from guance_portal.core.clock import Clock
    from guance_portal.core.db import Database
    from guance_portal.marketplaces.listings import Listings
    from guance_portal.settlement.closing import Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketplaces:
    """What pages, the HTTP API and workers ask of the marketplaces."""

    listings: Listings
    subscriptions: SubscriptionService
    notices: NoticeService
    free_login: FreeLoginService


def adapters(listings: Listings, database: Database) -> tuple[ListedMarketplace, ...]:
    """A marketplace for each provider that has listings."""
    return tuple(ListedMarketplace(provider, listings, database) for provider in Provider if provider.listings)


def build(listings: Listings, database: Database, clock: Clock, closing: Closing) -> Marketplaces:
    """Join them. The appliers of each source of notices are named here."""
    subscriptions = SubscriptionService(database, clock, closing)
    return Marketplaces(
        listings=listings,
        subscriptions=subscriptions,
        notices=NoticeService(database, clock, appliers={}),
        free_login=FreeLoginService(database, clock),
    )
