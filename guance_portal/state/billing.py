"""付费计划与账单: the plan of the session's workspace, kept live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.rules import Edition, Role
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.words import Text
from guance_portal.state.audience import audience
from guance_portal.state.billing_quota import QuotaState
from guance_portal.state.billing_usage import UsageState
from guance_portal.state.display import moment
from guance_portal.state.live import LiveMixin

if TYPE_CHECKING:
    from guance_portal.billing.plans import Plan
    from guance_portal.core.actor import Actor


class BillingState(LiveMixin, rx.State):
    """The plan and who pays. Whoever may not see it is sent to their account."""

    is_loaded: rx.Field[bool] = rx.field(default=False)
    is_owner: rx.Field[bool] = rx.field(default=False)
    is_commercial: rx.Field[bool] = rx.field(default=False)
    opened_at: rx.Field[Text] = rx.field(default_factory=Text)
    owner: rx.Field[str] = rx.field(default="")
    payer: rx.Field[str] = rx.field(default="")

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_billing(self) -> rx.event.EventSpec | None:
        """Show the plan and the use of the session's workspace, and follow it from here."""
        self.is_loaded = False
        self._unfollow()
        actor = self._actor()
        try:
            plan = await services().plans.plan(actor)
        except NotAllowedError:
            return rx.redirect(routes.ACCOUNT, replace=True)
        version = (await services().usage.versions([plan.workspace_id]))[plan.workspace_id]
        await self._show(actor, plan)
        self._follow(plan.workspace_id, version)
        return None

    @audience(Realm.CONSOLE)
    @rx.event
    async def read_again(self) -> rx.event.EventSpec | None:
        """重试, where a panel could not be shown."""
        return await self.load_billing()

    async def _arrive(self) -> bool:
        session = await self._live_session()
        if session is None or routes.normal(self.router.url.path) != routes.BILLING:
            return False
        try:
            plan = await services().plans.plan(session.actor)
        except NotAllowedError:
            return False
        await self._show(session.actor, plan)
        return True

    async def _show(self, actor: Actor, plan: Plan) -> None:
        self._show_plan(plan)
        use = await self.get_state(UsageState if self.is_commercial else QuotaState)
        await use._show(actor, plan)
        self.is_loaded = True

    def _show_plan(self, plan: Plan) -> None:
        self.is_owner = plan.role is Role.OWNER
        self.is_commercial = plan.edition is Edition.COMMERCIAL
        self.opened_at, self.owner = moment(plan.opened_at, plan.site.code), plan.owner
        self.payer = plan.payer
