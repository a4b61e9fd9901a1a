"""Where somebody who is signed in is led from a page for everybody: `/`, and an address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import PageMixin


class HomesState(PageMixin, rx.State):
    """The realms that a visitor is signed in to; `home` is where the page leads, and `way` how that is called."""

    in_console: rx.Field[bool] = rx.field(default=False)
    in_fee_center: rx.Field[bool] = rx.field(default=False)
    in_operator: rx.Field[bool] = rx.field(default=False)
    home: rx.Field[str] = rx.field(default=routes.HOME)
    way: rx.Field[Text] = rx.field(default_factory=lambda: text("not_found.home"))

    @audience(ANYONE, acts_as=tuple(Realm))
    @rx.event
    def load_homes(self) -> None:
        """Look for sessions; the realm that the address belongs to comes first."""
        found = [realm for realm in Realm if self._signed_in(realm)]
        self.in_console, self.in_fee_center = Realm.CONSOLE in found, Realm.FEE_CENTER in found
        self.in_operator = Realm.OPERATOR in found
        here = routes.realm_of(self.router.url.path)
        realm = here if here in found else next(iter(found), None)
        self.home = routes.home(realm) if realm else routes.HOME
        self.way = text(f"not_found.home_{realm}" if realm else "not_found.home")
