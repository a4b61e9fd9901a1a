"""Sign in with a password: to the console or the fee centre, by the page it is called from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from guance_portal import routes
from guance_portal.accounts.sign_in import SignInOrder
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.words import Text, text
from guance_portal.payers.errors import SSO_HANDOFF_PROBLEMS
from guance_portal.state import connection
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import FormMixin


class _ConsoleForm(TypedDict):
    site: Annotated[str, Field(max_length=10)]
    login: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]
    keep: bool


class _FeeForm(TypedDict):
    login: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=1000)]


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
    async def sign_in_to_console(self, form: _ConsoleForm) -> AsyncIterator[None]:
        """Check site, e-mail and password."""
        order = SignInOrder(realm=Realm.CONSOLE, **form)
        async for _ in self._sign_in(order):
            yield

    @audience(ANYONE)
    @rx.event
    async def sign_in_to_fee_center(self, form: _FeeForm) -> AsyncIterator[None]:
        """Check username or e-mail and password."""
        order = SignInOrder(realm=Realm.FEE_CENTER, **form)
        async for _ in self._sign_in(order):
            yield

    async def _sign_in(self, order: SignInOrder) -> AsyncIterator[None]:
        if missing := missing_fields(order.realm, login=order.login, password=order.password):
            self._refuse(missing)
            return
        self._begin()
        yield
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


def missing_fields(realm: Realm | None = None, **values: str) -> dict[str, Text]:
    """What to say at each field of a sign-in that was left empty; in the fee centre a username does as well."""
    words = {name: name for name in values} | ({} if realm is Realm.FEE_CENTER else {"login": "email"})
    return {name: text(f"sign_in.missing_{words[name]}") for name, value in values.items() if not value.strip()}
