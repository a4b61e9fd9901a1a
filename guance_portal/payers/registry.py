"""Every provider and how far the portal is joined to it. A new one: a row in `sites`, an adapter, words."""

from __future__ import annotations

from collections.abc import Iterable

from guance_portal.core.money import Currency
from guance_portal.payers.ports import Marketplace
from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.sites import Provider


class Providers:
    """The providers of `sites` with the adapters that exist."""

    def __init__(self, marketplaces: Iterable[Marketplace] = ()) -> None:
        self._marketplaces = {marketplace.provider: marketplace for marketplace in marketplaces}

    def marketplace(self, provider: Provider) -> Marketplace | None:
        """The adapter of a provider; None while there is none."""
        return self._marketplaces.get(provider)

    def connection(self, provider: Provider, currency: Currency) -> Connection:
        """How far the portal is joined to a provider's listing of a currency; to any other where it has none of it."""
        if not provider.listings:
            return Connection.UNSUPPORTED
        marketplace = self._marketplaces.get(provider)
        if marketplace is None:
            return Connection.NOT_CONNECTED
        listed = {currency} & provider.listings or provider.listings
        is_ready = any(marketplace.address(one) for one in listed)
        return Connection.READY if is_ready else Connection.NOT_CONFIGURED

    def offers(self, currency: Currency) -> tuple[ProviderOffer, ...]:
        """Every provider as the rules of settlement want to know it for a workspace of a currency."""
        return tuple(ProviderOffer(one, self.connection(one, currency), one.listings) for one in Provider)

    def address(self, provider: Provider, currency: Currency) -> str:
        """Where one subscribes at a provider's marketplace; empty while one cannot."""
        marketplace = self._marketplaces.get(provider)
        return marketplace.address(currency) if marketplace else ""
