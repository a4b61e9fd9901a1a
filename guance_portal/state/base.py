"""What the states of pages and dialogs share: who asks, being busy, and the problems of a form."""

from __future__ import annotations

from collections.abc import Mapping

import reflex as rx

from guance_portal.accounts.sessions.views import LiveSession
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.errors import NotSignedInError, PortalError
from guance_portal.core.forms import Form
from guance_portal.core.messages import Text, text
from guance_portal.state import connection
from guance_portal.state.addresses import LONGEST_ASKED, asked_text
from guance_portal.state.gate import current_session, session_in
from guance_portal.state.notice import NoticeState

FORM = ""
"""The key under which a form keeps the problem that belongs to no single field."""


class PageMixin(rx.State, mixin=True):
    """Access to the caller; everything here is underscored, so that the browser cannot call it."""

    def _session(self) -> LiveSession:
        """The session the gate found for this event; raises NotSignedInError."""
        if (session := current_session()) is None:
            raise NotSignedInError
        return session

    def _actor(self) -> Actor:
        return self._session().actor

    def _signed_in(self, realm: Realm) -> LiveSession | None:
        """Who happens to be signed in to a realm, on a page for everybody; the handler declares it with `acts_as`."""
        return session_in(realm)

    def _caller(self) -> Caller:
        return connection.caller(self.router)

    def _asked(self, name: str, longest: int = LONGEST_ASKED) -> str:
        """What the address of the page asks for by this name; empty when it does not."""
        return asked_text(self.router.url.query_parameters.get(name, ""), longest)

    async def _say(self, words: str, **params: object) -> None:
        """Show a short notice."""
        (await self.get_state(NoticeState))._say(text(words, **params))

    async def _say_error(self, error: PortalError) -> None:
        """Show why something was refused, as a short notice."""
        (await self.get_state(NoticeState))._say(text(error.code, **error.params), is_problem=True)


class FormMixin(PageMixin, mixin=True):
    """A form: busy while it is sent; problems by field, `FORM` for those of no field.

    `refusals` grows with each refused submit: the page moves the focus to the summary when it does.
    """

    is_busy: rx.Field[bool] = rx.field(default=False)
    problems: rx.Field[dict[str, Text]] = rx.field(default_factory=dict)
    refusals: rx.Field[int] = rx.field(default=0)

    def _start(self) -> None:
        """As when the page is opened: nothing wrong, nothing under way."""
        self.is_busy, self.problems, self.refusals = False, {}, 0

    def _begin(self) -> None:
        self.is_busy, self.problems = True, {}

    def _judge(self, field: str, problem: PortalError | None) -> None:
        """Say what is wrong with one field, or that nothing is."""
        if problem:
            self.problems[field] = text(problem.code, **problem.params)
        else:
            self.problems.pop(field, None)

    def _lacks(self, form: Form) -> bool:
        """Refuse a form that was sent without something it needs, and say what."""
        if missing := form.missing():
            self._refuse(missing)
        return bool(missing)

    def _fail(self, error: PortalError) -> None:
        self._refuse({error.field or FORM: text(error.code, **error.params)})

    def _refuse(self, problems: Mapping[str, Text]) -> None:
        self.is_busy, self.problems = False, dict(problems)
        self.refusals += 1
