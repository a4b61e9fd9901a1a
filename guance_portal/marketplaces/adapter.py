"""The marketplace of a provider as settlement sees it: what the cloud told us is in our own rows, and nothing else counts."""

from __future__ import annotations

from guance_portal.core.db import Database, UnitOfWork
from guance_portal.marketplaces import queries, tables
from guance_portal.marketplaces.listings import Listings
from guance_portal.payers.ports import CloudClaim, CloudSubscription
from guance_portal.sites import Currency, Provider


class ListedMarketplace:
    """See `payers.ports.Marketplace`; every provider with listings has the same one."""

    def __init__(self, provider: Provider, listings: Listings, database: Database) -> None:
        self._provider, self._listings, self._database = provider, listings, database

    @property
    def provider(self) -> Provider:
        """Whose it is."""
        return self._provider

    def address(self, currency: Currency) -> str:
        """Where one subscribes to the listing of a currency; empty while it lacks a setting."""
        listing = self._listings.of(self._provider, currency)
        return listing.url if listing and listing.is_configured else ""

    async def find(self, claim: CloudClaim, work: UnitOfWork | None = None) -> CloudSubscription | None:
        """The subscription that the market told us of with exactly these ids; locked within a unit of work."""
        if work is None:
            async with self._database.reading() as own:
                return _told(await queries.by_pair(own, self._provider, claim.account, claim.instance))
        return _told(await queries.by_pair(work, self._provider, claim.account, claim.instance, lock=True))

    async def knows(self, instance: str) -> bool:
        """Whether the market told us of the instance, whatever the account."""
        async with self._database.reading() as work:
            return await queries.has_instance(work, self._provider, instance)


def _told(row: tables.Subscription | None) -> CloudSubscription | None:
    if row is None:
        return None
    return CloudSubscription(
        account=row.account, instance=row.instance, currency=row.currency, known_as=row.known_as, state=row.state
    )
