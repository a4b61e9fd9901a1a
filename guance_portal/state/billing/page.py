"""付费计划与账单: the plan of the session's workspace, kept live."""

from __future__ import annotations

import reflex as rx
from reflex.state import OnLoadInternalState

from guance_portal import routes
from guance_portal.accounts.rules import Edition, Role
from guance_portal.billing.plans import WorkspacePlan
from guance_portal.bootstrap import services
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import Exempt, audience
from guance_portal.state.billing import prices
from guance_portal.state.billing.quota import QuotaState
from guance_portal.state.billing.usage import UsageState
from guance_portal.state.display import moment
from guance_portal.state.live import LiveMixin, billing_days
from guance_portal.state.not_taken import NotTaken, not_taken_beside_quotas
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.workspace import WorkspaceState, turned_away


class BillingState(LiveMixin, rx.State):
    """The plan and who pays. Anyone who may not see it is sent to their account.

    `stopped` says why the page shows nothing any more: the session looks at another workspace by now, or the viewer
    may no longer see this one.
    """

    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_owner: rx.Field[bool] = rx.field(default=False)
    is_commercial: rx.Field[bool] = rx.field(default=False)
    not_taken: rx.Field[list[NotTaken]] = rx.field(default_factory=list)
    opened_at: rx.Field[Text] = rx.field(default_factory=Text)
    owner: rx.Field[str] = rx.field(default="")
    payer: rx.Field[str] = rx.field(default="")
    is_upgraded: rx.Field[bool] = rx.field(default=False)
    free_price: rx.Field[str] = rx.field(default="")
    offers: rx.Field[list[Text]] = rx.field(default_factory=list)
    stopped: rx.Field[Text] = rx.field(default_factory=Text)

    _workspace_id: str = ""

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_billing(self) -> rx.event.EventSpec | None:
        """Show the plan and the use of the session's workspace, and follow it from here."""
        self.is_loaded, self.stopped = False, Text()
        self._unfollow()
        actor = self._actor()
        try:
            plan = await services().plans.plan(actor)
        except NotAllowedError:
            return await turned_away(actor)
        self._workspace_id, days = plan.workspace_id, billing_days(plan.site.zone)
        version = (await services().usage.versions([plan.workspace_id]))[plan.workspace_id]
        await self._show(actor, plan)
        self._follow(plan.workspace_id, version, days=days)
        return None

    @audience(Realm.CONSOLE)
    @rx.event
    async def read_again(self) -> rx.event.EventSpec | None:
        """重试, where a panel could not be shown."""
        return await self.load_billing()

    @audience(Realm.CONSOLE, page=Exempt("It has the page drawn again, for what the session looks at now."))
    @rx.event
    def reload_page(self) -> rx.event.EventSpec:
        """刷新页面: show the workspace that the session looks at now, or lead away."""
        return OnLoadInternalState.on_load_internal()  # pyright: ignore[reportReturnType, reportCallIssue] - a handler is called to name its event

    async def _arrive(self) -> bool:
        session = await self._live_session()
        if session is None or routes.normal(self.router.url.path) != routes.BILLING:
            return False
        if session.actor.workspace_id != self._workspace_id:
            has_lost = not session.actor.workspace_id
            return await self._stop("billing.gone" if has_lost else "errors.workspace_switched")
        try:
            plan = await services().plans.plan(session.actor)
        except NotAllowedError:
            return await self._stop("billing.no_longer")
        was_free = not self.is_commercial
        await self._show(session.actor, plan)
        if was_free and self.is_commercial:  # upgraded on another page: from now on somebody pays
            await (await self.get_state(SettlementState))._load_here(session.actor)
            await (await self.get_state(WorkspaceState))._load_for(session.actor)
        return True

    async def _stop(self, why: str) -> bool:
        """Show nothing of the workspace any more but why; this page is told no more."""
        for state in (QuotaState, UsageState):
            (await self.get_state(state)).reset()
        (await self.get_state(SettlementState))._forget()
        self.reset()
        self.stopped = text(why)
        return False

    async def _show(self, actor: Actor, plan: WorkspacePlan) -> None:
        self._show_plan(plan)
        self.not_taken = await not_taken_beside_quotas(actor, plan.site.code)
        use = await self.get_state(UsageState if self.is_commercial else QuotaState)
        await use._show(actor, plan)
        self.is_loaded = True

    def _show_plan(self, plan: WorkspacePlan) -> None:
        self.is_owner = plan.role is Role.OWNER
        self.is_commercial = plan.edition is Edition.COMMERCIAL
        self.opened_at, self.owner = moment(plan.opened_at, plan.site.code), plan.owner
        self.payer, self.is_upgraded = plan.payer, plan.is_upgraded
        if not self.is_commercial:
            today = services().business_clock.now().astimezone(plan.site.zone).date()
            self.free_price, self.offers = plan.site.currency.nothing, prices.offers(plan.site, today)
