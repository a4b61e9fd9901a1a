"""A fee-centre session that came by the SSO handoff: what it is limited to, and the password that opens the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.errors import WrongLoginError
from guance_portal.accounts.members.access import is_limited
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import text
from guance_portal.state.audience import audience
from guance_portal.state.base import FormMixin


class AccessForm(Form):
    """The password that opens the rest."""

    password: Annotated[
        str,
        Asked(
            label="limited.password",
            kind=FieldKind.PASSWORD,
            autocomplete="current-password",
            missing="sign_in.missing_password",
        ),
    ] = ""


class FeeAccessState(FormMixin, rx.State):
    """The note and its form; once there is a `ticket` the page posts it and comes back with a session of its own."""

    is_limited: rx.Field[bool] = rx.field(default=False)
    username: rx.Field[str] = rx.field(default="")
    ticket: rx.Field[str] = rx.field(default="")
    next_path: rx.Field[str] = rx.field(default="")

    @audience(Realm.FEE_CENTER)
    @rx.event
    def load_fee_access(self) -> None:
        """Find out what this session may see."""
        self._start()
        session = self._session()
        self.is_limited, self.username = is_limited(session.actor), session.name
        self.ticket, self.next_path = "", routes.safe_next(self.router.url.path, Realm.FEE_CENTER)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def enter_password(self, form: AccessForm) -> AsyncIterator[None]:
        """Sign in to the same account with its password; the limited session ends when the new one begins."""
        if self._lacks(form):
            return
        self._begin()
        yield
        order = SignInOrder(realm=Realm.FEE_CENTER, login=self._session().name, password=form.password)
        try:
            self.ticket = await services().sign_in.sign_in(order, self._caller())
        except WrongLoginError:
            self._refuse({"password": text("limited.wrong")})
        except PortalError as error:
            self._fail(error)
