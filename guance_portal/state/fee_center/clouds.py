"""云账号: the registered cloud accounts of a fee-centre account."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import reflex as rx

from guance_portal.accounts.errors import PasswordNeededError
from guance_portal.accounts.members.access import is_limited
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.messages import Text, text
from guance_portal.payers.cloud_accounts import CloudAccountView
from guance_portal.payers.registry import Providers
from guance_portal.sites import Currency, Provider
from guance_portal.state.audience import audience
from guance_portal.state.display import moment
from guance_portal.state.live import Followed, LiveMixin


@dataclass(frozen=True, slots=True)
class CloudRow:
    """One cloud account, its ids masked."""

    id: str
    provider: str
    name: Text
    account: str
    instance: str
    is_live: bool
    workspaces: list[str]
    registered_at: Text


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A provider whose accounts can be added, and what the button says."""

    provider: str
    add: Text


class FeeCloudsState(LiveMixin, rx.State):
    """The list; it follows every change. `offers` are the providers with a listing in the account's currency."""

    rows: rx.Field[list[CloudRow]] = rx.field(default_factory=list)
    offers: rx.Field[list[OfferRow]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(default=0)
    is_loaded: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def load_clouds(self) -> None:
        """Read the list."""
        self._unfollow()
        self.rows, self.offers, self.count, self.is_loaded = [], [], 0, False
        with suppress(PasswordNeededError):
            await self._read(self._actor())

    async def _read(self, actor: Actor) -> None:
        found = await services().cloud_accounts.of(actor)
        self.rows, self.count = [_row(view, found.site) for view in found.accounts], len(found.accounts)
        self.offers = _offers(services().settlement.providers, found.currency)
        self.is_loaded = True
        self._follow(found.fee_account_id, found.version, Followed.SETTLEMENT)

    async def _arrive(self) -> bool:
        session = await self._live_session(Realm.FEE_CENTER)
        if session is None or is_limited(session.actor):
            self.rows, self.count = [], 0
            return False
        await self._read(session.actor)
        return True


def _offers(providers: Providers, currency: Currency) -> list[OfferRow]:
    return [
        OfferRow(provider=one.value, add=text(f"cloud.{one}.add"))
        for one in Provider
        if providers.address(one, currency)
    ]


def _row(view: CloudAccountView, site: str) -> CloudRow:
    return CloudRow(
        id=view.id,
        provider=view.provider.value,
        name=text(f"settlement_method.{view.provider}"),
        account=view.account,
        instance=view.instance,
        is_live=view.is_live,
        workspaces=list(view.workspaces),
        registered_at=moment(view.registered_at, site),
    )
