"""The page a buyer arrives at from a marketplace: what was subscribed, and which workspace it will pay for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Line, Token
from guance_portal.core.messages import Text, text
from guance_portal.marketplaces.aws.errors import TRANSIENT, LandingsTooOftenError
from guance_portal.marketplaces.claim_errors import CLAIM_PROBLEMS, VISITED, ClaimUnknownError
from guance_portal.marketplaces.claim_offers import ClaimOption
from guance_portal.marketplaces.claims import ClaimResult, ClaimState, ClaimView
from guance_portal.marketplaces.purchases import SubscriptionView
from guance_portal.payers.rules import mask
from guance_portal.sites import Provider
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, SAME_PERSON, Exempt, audience
from guance_portal.state.base import FORM, FormMixin
from guance_portal.state.display import moment
from guance_portal.state.settlement.claim_rows import ClaimRow, any_market, bringer, claim_row, fitting_sites, value_of
from guance_portal.state.settlement.cloud_rows import refused, refused_by

_REALMS = (Realm.CONSOLE, Realm.FEE_CENTER)
_LOOKS = Exempt("It shows what is claimed; what is done with it then is compared.")
_ONWARD = {
    Realm.CONSOLE: (routes.BILLING, "claim.to_console"),
    Realm.FEE_CENTER: (routes.FEE_ACCOUNT, "claim.to_fee_center"),
}
_FOLLOWED = ("silent", "ended")
"""What may change by itself, by the ways of the page."""
_STILL = (*TRANSIENT, LandingsTooOftenError)
_SIGNING_UP = (routes.REGISTER_SETTLEMENT, "claim.to_sign_up")


class LookForm(Form):
    """The claim of a link."""

    token: Token = ""


class ClaimForm(LookForm):
    """What it shall pay for, as `value_of` names it."""

    workspace: Annotated[str, Asked(label="claim.workspace", kind=FieldKind.CHOICE, most=100)] = ""


class MarketplaceClaimState(FormMixin, rx.State):
    """`way` is what the page shows: "problem", "visited", "silent", "ended", "sign_in", "nowhere", "choose" or "done".

    `provider` is whose marketplace brought the buyer; `act` what the button says: what is done with the chosen row.
    """

    way: rx.Field[str] = rx.field(default="")
    provider: rx.Field[str] = rx.field(default_factory=lambda: bringer(""))
    why: rx.Field[Text] = rx.field(default_factory=Text)
    account: rx.Field[str] = rx.field(default="")
    currency: rx.Field[Text] = rx.field(default_factory=Text)
    until: rx.Field[Text] = rx.field(default_factory=Text)
    market: rx.Field[str] = rx.field(default="")
    fitting: rx.Field[Text] = rx.field(default_factory=Text)
    rows: rx.Field[list[ClaimRow]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field(default="")
    act: rx.Field[Text] = rx.field(default_factory=Text)
    done: rx.Field[Text] = rx.field(default_factory=Text)
    onward: rx.Field[str] = rx.field(default="")
    onward_text: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(ANYONE)
    @rx.event
    def load_claim(self) -> None:
        """Start over; what is claimed comes with the token, after this."""
        self._start()
        self.provider = bringer(self._asked("provider"))

    @audience(ANYONE, acts_as=_REALMS, page=_LOOKS)
    @rx.event
    async def read_claim(self, token: Token) -> None:
        """Show what is claimed; without a token the latest of this browser, as after signing in."""
        problem, registration = self._asked("problem"), self._asked("registration")
        if problem == VISITED and not token:
            await self._visit()
        elif token or problem not in CLAIM_PROBLEMS:
            await self._show(token)
        elif not (registration and await self._goes_on(registration)):
            self._be_stuck(refused_by(f"errors.{problem}", self.provider))

    @audience(ANYONE, acts_as=_REALMS, page=_LOOKS)
    @rx.event
    async def retry(self, form: LookForm) -> AsyncIterator[None]:
        """重试: ask the provider once more, or look whether its notice has come by now."""
        self._begin()
        yield
        try:
            await services().marketplaces.aws.landing.retry(form.token, connection.claim(self.router), self._caller())
        except TRANSIENT as error:
            self._fail(error)
        except PortalError as error:
            self.is_busy = False
            self._be_stuck(refused(error, self.provider))
        else:
            self.is_busy = False
            await self._show(form.token)

    @audience(ANYONE, acts_as=_REALMS, page=_LOOKS)
    @rx.event
    async def look_again(self) -> None:
        """The page does it by itself while the provider is silent or its notice may be on the way: whatever is new shows.

        The cookie alone names the claim. Nothing is said while nothing has changed.
        """
        if self.is_busy or self.way not in _FOLLOWED:
            return
        if self.way == "silent":
            try:
                await services().marketplaces.aws.landing.retry("", connection.claim(self.router), self._caller())
            except _STILL:
                return
            except PortalError as error:
                self._be_stuck(refused(error, self.provider))
                return
        self.problems = {}
        await self._show("")

    @audience(ANYONE)
    @rx.event
    def choose_workspace(self, value: Line) -> None:
        """Choose what the account will pay for."""
        self._choose(value)

    @audience(ANYONE, acts_as=_REALMS, page=SAME_PERSON)
    @rx.event
    async def confirm(self, form: ClaimForm) -> AsyncIterator[None]:
        """确认提交: register the account and let it settle what was chosen."""
        self._begin()
        yield
        realm, _, workspace_id = form.workspace.partition(":")
        actor = self._actors().get(realm)
        if actor is None:
            self.is_busy, self.way = False, "sign_in"
            return
        try:
            taken = await services().marketplaces.claims.take(
                actor, form.token, connection.claim(self.router), workspace_id or None, caller=self._caller()
            )
        except PortalError as error:
            if error.code.removeprefix("errors.") in CLAIM_PROBLEMS:
                self.is_busy = False
                self._be_stuck(refused(error, self.provider))
            else:
                self._refuse({error.field or FORM: refused(error, self.provider)})
        else:
            self._finish(taken, actor, form.workspace)

    async def _goes_on(self, registration: str) -> bool:
        """Whether this browser has the claim of a registration token that came once more; then it is shown."""
        try:
            await self._see("", registration)
        except ClaimUnknownError:
            return False
        return True

    async def _visit(self) -> None:
        """Somebody came without a subscription: one that this browser brought before goes on, else the way is shown."""
        try:
            await self._see("")
        except ClaimUnknownError:
            self.way = "problem"
        if self.way == "problem":
            self.way, self.market = "visited", self.market or any_market(self.provider)

    async def _show(self, token: str) -> None:
        try:
            await self._see(token)
        except ClaimUnknownError as error:
            self._be_stuck(refused(error, self.provider))

    async def _see(self, token: str, registration: str = "") -> None:
        """Show the claim, or why it leads no further; raises ClaimUnknownError."""
        try:
            view = await services().marketplaces.claims.look(token, connection.claim(self.router), registration)
        except ClaimUnknownError:
            raise
        except PortalError as error:
            self._be_stuck(refused(error, self.provider))
            return
        subscription = view.subscription
        if view.state is ClaimState.USED:
            self._be_stuck(text("errors.claim_used"))
        elif subscription is None:
            self.way = "silent"
        else:
            await self._offer(view, subscription)

    async def _offer(self, view: ClaimView, subscription: SubscriptionView) -> None:
        shop = services().marketplaces
        provider = subscription.provider
        self.provider, self.market = provider.value, shop.listings.by_id(subscription.listing_id).url
        self.account, self.currency = mask(subscription.buyer), text(f"billing.currency.{subscription.currency}")
        self.fitting = fitting_sites(provider, subscription.currency)
        actors = self._actors().values()
        found = [option for actor in actors for option in await shop.claim_offers.options(actor, subscription.currency)]
        known: dict[str, ClaimOption] = {}
        for option in found:
            known.setdefault(option.workspace_id or option.realm, option)
        self.rows = [claim_row(option, provider, self.account) for option in known.values()]
        self.until = moment(view.expires_at, next((option.site for option in found if option.site), ""))
        self._choose(await self._came_for(provider, list(known.values())))
        if not subscription.is_live:
            self.way = "ended"
        else:
            self.way = "choose" if self.rows else "nowhere" if actors else "sign_in"

    async def _came_for(self, provider: Provider, options: list[ClaimOption]) -> str:
        """The option for which the dialog that leads to the marketplace was opened last; else the first."""
        found = [
            (draft.began_at, workspace_id or realm)
            for realm, actor in self._actors().items()
            for workspace_id, draft in (await services().cloud_drafts.waiting(actor, provider)).items()
        ]
        wanted = max(found)[1] if found else ""
        best = next((one for one in options if (one.workspace_id or one.realm) == wanted), None)
        best = best or next(iter(options), None)
        return value_of(best) if best else ""

    def _choose(self, value: str) -> None:
        row = next((row for row in self.rows if row.value == value), None)
        self.chosen, self.act = value, row.act if row else Text()

    def _finish(self, taken: ClaimResult, actor: Actor, chosen: str) -> None:
        self.is_busy, self.way = False, "done"
        if taken.change:
            name = next((row.name for row in self.rows if row.value == chosen), "")
            day = taken.change.effective_day.isoformat()
            self.done = text(f"claim.{self.provider}.done_change", workspace=name, day=day, account=self.account)
        elif taken.refusal:
            why = refused(taken.refusal, self.provider)
            self.done = text("claim.done_refused", why=why)
        else:
            self.done = text(f"claim.{self.provider}.done_only", account=self.account)
        is_newcomer = actor.realm is Realm.CONSOLE and chosen.endswith(":")
        self.onward, words = _SIGNING_UP if is_newcomer else _ONWARD[actor.realm]
        self.onward_text = text(words)

    def _be_stuck(self, why: Text) -> None:
        self.way, self.why = "problem", why
        self.market = self.market or any_market(self.provider)

    def _actors(self) -> dict[str, Actor]:
        """Who is signed in here, by realm; the console first."""
        found = {realm: self._signed_in(realm) for realm in _REALMS}
        return {realm.value: session.actor for realm, session in found.items() if session}
