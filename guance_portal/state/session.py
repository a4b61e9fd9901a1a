"""Who is signed in, for the header of every page behind a sign-in; and leaving for HTTP when that changes."""

from __future__ import annotations

import reflex as rx

from guance_portal import sites
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Text
from guance_portal.state.audience import audience
from guance_portal.state.base import PageMixin
from guance_portal.state.display import moment


class ViewerState(PageMixin, rx.State):
    """The person shown in the user menu. `business_time` is empty unless the sandbox has moved it."""

    name: rx.Field[str] = rx.field(default="")
    email: rx.Field[str] = rx.field(default="")
    site: rx.Field[Text] = rx.field(default_factory=Text)
    business_time: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(*Realm)
    @rx.event
    def load_viewer(self) -> None:
        """Show who is signed in; the first loader of every page behind a sign-in."""
        session = self._session()
        self.name, self.email = session.name, session.email
        self.site = sites.get(session.site).name if session.site else Text()
        clock = services().business_clock
        self.business_time = moment(clock.now(), session.site) if clock.is_moved else Text()
