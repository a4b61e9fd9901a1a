"""Sign in with a password: to the console or the fee centre, by the page it is called from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import ConsoleSignIn, FeeSignIn
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.payers.errors import SSO_HANDOFF_PROBLEMS
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import FormMixin


class SignInState(FormMixin, rx.State):
    """The form; once there is a `ticket` the page posts it and leaves.

    `reason` says why a person landed here from another page: their session "ended", one is "needed",
    the ticket of a sign-in was "spent", or one of SSO_HANDOFF_PROBLEMS: the SSO handoff from the console failed.
    """

    ticket: rx.Field[str] = rx.field(default="")
    next_path: rx.Field[str] = rx.field(default="")
    reason: rx.Field[str] = rx.field(default="")

    @audience(ANYONE, acts_as=(Realm.CONSOLE, Realm.FEE_CENTER))
    @rx.event
    def load_sign_in(self) -> rx.event.EventSpec | None:
        """Start over; a person who is signed in already goes on at once."""
        self._start()
        self.ticket = ""
        realm = routes.realm_of(self.router.url.path)
        wanted = self._asked("next", routes.LONGEST_NEXT + 1)
        self.next_path = routes.safe_next(wanted, realm)
        token_hash = connection.session_hash(self.router, realm)
        problem = self._asked("problem")
        self.reason = _reason(problem, is_sent=bool(wanted), token_hash=token_hash)
        if problem not in SSO_HANDOFF_PROBLEMS and self._signed_in(realm):
            return rx.redirect(self.next_path, replace=True)
        return None

    @audience(ANYONE)
    @rx.event
    async def sign_in_to_console(self, form: ConsoleSignIn) -> AsyncIterator[None]:
        """Check site, e-mail and password."""
        async for _ in self._sign_in(Realm.CONSOLE, form):
            yield

    @audience(ANYONE)
    @rx.event
    async def sign_in_to_fee_center(self, form: FeeSignIn) -> AsyncIterator[None]:
        """Check username or e-mail and password."""
        async for _ in self._sign_in(Realm.FEE_CENTER, form):
            yield

    async def _sign_in(self, realm: Realm, form: ConsoleSignIn | FeeSignIn) -> AsyncIterator[None]:
        if self._lacks(form):
            return
        self._begin()
        yield
        order = SignInOrder(realm=realm, **form.model_dump())
        try:
            self.ticket = await services().sign_in.sign_in(order, self._caller())
        except PortalError as error:
            self._fail(error)


def _reason(problem: str, *, is_sent: bool, token_hash: str) -> str:
    if problem in SSO_HANDOFF_PROBLEMS:
        return problem
    if problem == routes.TICKET_SPENT:
        return "spent"
    return "" if not is_sent else "ended" if token_hash else "needed"
