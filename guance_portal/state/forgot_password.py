"""Ask for a reset link: the answer is the same whether anybody has that login or not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from guance_portal.accounts.sessions.forms import ConsoleLogin, FeeLogin
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import FormMixin


class ForgotPasswordState(FormMixin, rx.State):
    """The form, and whether a link is on its way."""

    is_sent: rx.Field[bool] = rx.field(default=False)

    @audience(ANYONE)
    @rx.event
    def load_forgot_password(self) -> None:
        """Start over."""
        self._start()
        self.is_sent = False

    @audience(ANYONE)
    @rx.event
    async def ask_in_console(self, form: ConsoleLogin) -> AsyncIterator[None]:
        """Send the link to a console user of the site."""
        async for _ in self._ask(Realm.CONSOLE, form, form.site):
            yield

    @audience(ANYONE)
    @rx.event
    async def ask_in_fee_center(self, form: FeeLogin) -> AsyncIterator[None]:
        """Send the link to a fee-centre account."""
        async for _ in self._ask(Realm.FEE_CENTER, form, ""):
            yield

    async def _ask(self, realm: Realm, form: ConsoleLogin | FeeLogin, site: str) -> AsyncIterator[None]:
        if self._lacks(form):
            return
        # Nobody can have such a login: no letter could come, and the answer would promise one.
        if problem := form.problem_of("login"):
            self._fail(problem)
            return
        self._begin()
        self.is_sent = False
        yield
        try:
            await services().passwords.ask_reset(realm, form.login, site, self._caller())
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy, self.is_sent = False, True
