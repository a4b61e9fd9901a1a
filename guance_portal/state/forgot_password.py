"""Ask for a reset link: the answer is the same whether anybody has that login or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, NotRequired

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.errors import PortalError
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.base import FormMixin
from guance_portal.state.sign_in import missing_fields


class _Form(TypedDict):
    site: NotRequired[Annotated[str, Field(max_length=10)]]
    login: Annotated[str, Field(max_length=254)]


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
    async def ask(self, form: _Form) -> AsyncIterator[None]:
        """Send the link."""
        realm = routes.realm_of(self.router.url.path)
        if missing := missing_fields(realm, login=form["login"]):
            self._refuse(missing)
            return
        self._begin()
        self.is_sent = False
        yield
        try:
            await services().passwords.ask_reset(realm, form["login"], form.get("site", ""), self._caller())
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy, self.is_sent = False, True
