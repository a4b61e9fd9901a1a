"""进入费用中心 and 充值, pressed in the console."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin


class SsoHandoffState(PageMixin, rx.State):
    """The ticket that the page posts as soon as it is there; `is_recharging` says which of the two was pressed."""

    ticket: rx.Field[str] = rx.field(default="")
    is_busy: rx.Field[bool] = rx.field(default=False)
    is_recharging: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    def load_sso_handoff(self) -> None:
        """Forget the ticket that a page which is left and comes back still holds."""
        self.ticket, self.is_busy, self.is_recharging = "", False, False

    @audience(Realm.CONSOLE)
    @rx.event
    async def enter_fee_center(self) -> AsyncIterator[None]:
        """Ask for a ticket."""
        self.ticket, self.is_busy, self.is_recharging = "", True, False
        yield
        await self._go(routes.FEE_CENTER)

    @audience(Realm.CONSOLE)
    @rx.event
    async def recharge(self) -> AsyncIterator[None]:
        """充值: ask for a ticket that leads to the recharge."""
        self.ticket, self.is_busy, self.is_recharging = "", True, True
        yield
        await self._go(routes.RECHARGE)

    async def _go(self, target: str) -> None:
        try:
            self.ticket = await services().sso_handoff.ticket(self._actor(), self._caller(), target)
        except PortalError as error:
            await self._say_error(error)
        self.is_busy = False
