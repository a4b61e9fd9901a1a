"""Set a new password by the link of a mail; its token comes from the fragment of the address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import reflex as rx

from guance_portal.accounts.errors import ResetLinkSpentError
from guance_portal.accounts.sessions.forms import ResetForm
from guance_portal.bootstrap import services
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Password, Token
from guance_portal.state.audience import ANYONE, audience
from guance_portal.state.typed import PasswordMixin


class ResetPasswordState(PasswordMixin, rx.State):
    """The form; `score` is -1 before anything is typed."""

    is_link_dead: rx.Field[bool] = rx.field(default=False)
    is_done: rx.Field[bool] = rx.field(default=False)

    @audience(ANYONE)
    @rx.event
    def load_reset_password(self) -> None:
        """Start over."""
        self._start()
        self.score = -1
        self.is_link_dead = self.is_done = False

    @audience(ANYONE)
    @rx.event
    async def check_link(self, token: Token) -> None:
        """Say at once when the link is dead, before anything is typed."""
        try:
            self.is_link_dead = not await services().passwords.is_link_live(token, self._caller())
        except PortalError as error:
            await self._say_error(error)

    @audience(ANYONE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("new", password)

    @audience(ANYONE)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("new", password)

    @audience(ANYONE)
    @rx.event
    async def set_password(self, form: ResetForm) -> AsyncIterator[None]:
        """Take the new password."""
        if self._lacks(form):
            return
        self._begin()
        yield
        try:
            await services().passwords.reset(form.token, form.new, self._caller())
        except ResetLinkSpentError:
            self.is_busy, self.is_link_dead = False, True
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy, self.is_done = False, True
