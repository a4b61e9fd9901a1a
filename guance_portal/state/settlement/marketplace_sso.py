"""Marketplace SSO (免登): what the market vouches for, and where its buyer can go from there."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes, sites
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, catalogue, text
from guance_portal.payers.rules import mask
from guance_portal.sites import Currency
from guance_portal.state.audience import ANYONE, Exempt, audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment
from guance_portal.state.settlement.marketplace_sso_here import judge

INVALID = "invalid"


class MarketplaceSsoState(PageMixin, rx.State):
    """`way`: "problem", "nothing" (to go on with), "registered" (already), "console", "fee" (signed in), "new".

    `name` is the person signed in; `is_offered`: there is something to go on with. `here` is the way on from the
    workspace the console looks at (see `marketplace_sso_here`), `why` its reason, `others` the workspaces that fit.
    """

    way: rx.Field[str] = rx.field(default="")
    is_offered: rx.Field[bool] = rx.field(default=False)
    problem: rx.Field[Text] = rx.field(default_factory=Text)
    market: rx.Field[str] = rx.field(default="")
    listing: rx.Field[Text] = rx.field(default_factory=Text)
    account: rx.Field[str] = rx.field(default="")
    instance: rx.Field[str] = rx.field(default="")
    until: rx.Field[Text] = rx.field(default_factory=Text)
    name: rx.Field[str] = rx.field(default="")
    here: rx.Field[str] = rx.field(default="")
    workspace: rx.Field[str] = rx.field(default="")
    why: rx.Field[Text] = rx.field(default_factory=Text)
    others: rx.Field[str] = rx.field(default="")

    @audience(ANYONE, acts_as=(Realm.CONSOLE, Realm.FEE_CENTER))
    @rx.event
    async def load_marketplace_sso(self) -> None:
        """Show what this browser proved, or why it proved nothing."""
        self.market, self.is_offered = services().marketplaces.listings.aliyun_url(), False
        wanted = self._asked("problem")
        if wanted:
            known = f"marketplace_sso.problem.{wanted}" in catalogue()
            self.way, self.problem = "problem", text(f"marketplace_sso.problem.{wanted if known else INVALID}")
            return
        await self._look()

    @audience(
        ANYONE,
        acts_as=(Realm.CONSOLE, Realm.FEE_CENTER),
        page=Exempt("It forgets what this browser has proven, no matter who is signed in, and shows the page again."),
    )
    @rx.event
    async def forget(self) -> None:
        """Somebody else's, or not now: this browser proves nothing any more."""
        await services().marketplaces.sso.end(self._caller().visitor)
        await self._look()

    async def _look(self) -> None:
        proven = await services().marketplaces.sso.waiting(self._caller().visitor)
        self.is_offered = proven is not None
        if proven is None:
            self.way = "nothing"
            return
        bought = proven.subscription
        self.market = services().marketplaces.listings.by_id(bought.listing_id).url
        self.listing = text(f"listing.{bought.listing_id}")
        self.account, self.instance = mask(bought.buyer), mask(bought.instance)
        self.until = moment(proven.until, _site(bought.currency))
        console, fee = self._signed_in(Realm.CONSOLE), self._signed_in(Realm.FEE_CENTER)
        self.name = (console or fee).name if console or fee else ""  # pyright: ignore[reportOptionalMemberAccess] - one is
        if console and not proven.fee_account_id:
            here = await judge(console.actor, bought)
            self.here, self.workspace, self.why, self.others = here.way.value, here.workspace, here.why, here.others
        if proven.fee_account_id:
            self.way = "registered"
        else:
            self.way = "console" if console else "fee" if fee else "new"


def _site(currency: Currency) -> str:
    """A site of the currency, whose time zone the buyer may be expected to live by."""
    return next(site.code for site in sites.all_sites() if site.currency is currency)


BACK = routes.sign_in(Realm.CONSOLE, back_to=routes.MARKETPLACE_SSO)
"""Sign in to the console and come back here."""
FEE = routes.sign_in(Realm.FEE_CENTER, back_to=routes.FEE_WORKSPACES)
"""Sign in to the fee centre and choose a workspace there."""
