"""Every provider and how far the portal is joined to it. A new one: a line in `sites`, an adapter, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.sites import Provider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guance_portal.payers.ports import Marketplace


class Providers:
    """The providers of `sites` with the adapters that exist."""

    def __init__(self, marketplaces: Iterable[Marketplace] = ()) -> None:
        self._marketplaces = {marketplace.provider: marketplace for marketplace in marketplaces}

    def marketplace(self, provider: Provider) -> Marketplace | None:
        """The adapter of a provider; None while there is none."""
        return self._marketplaces.get(provider)

    def connection(self, provider: Provider) -> Connection:
        """How far the portal is joined to a provider."""
        if not provider.listings:
            return Connection.UNSUPPORTED
        marketplace = self._marketplaces.get(provider)
        if marketplace is None:
            return Connection.NOT_CONNECTED
        return Connection.READY if marketplace.is_configured else Connection.NOT_CONFIGURED

    def offers(self) -> tuple[ProviderOffer, ...]:
        """Every provider as the rules of settlement want to know it."""
        return tuple(ProviderOffer(one, self.connection(one), one.listings) for one in Provider)
