"""Change the password of the person who is signed in, in any realm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from guance_portal.accounts.sessions.forms import ChangeForm
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Password
from guance_portal.state.audience import SAME_PERSON, audience
from guance_portal.state.devices import DevicesState
from guance_portal.state.typed import PasswordMixin


class PasswordState(PasswordMixin, rx.State):
    """The form on the account page; `changes` grows with each success, which empties the form."""

    changes: rx.Field[int] = rx.field(default=0)

    @audience(*Realm)
    @rx.event
    def load_password(self) -> None:
        """Start over."""
        self._start()
        self.score = -1

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        session = self._session()
        await self._rate_password("new", password, username=session.name, email=session.email)

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        session = self._session()
        await self._leave_password("new", password, username=session.name, email=session.email)

    @audience(*Realm, page=SAME_PERSON)
    @rx.event
    async def change_password(self, form: ChangeForm) -> AsyncIterator[Any]:
        """Take the new password; the other devices are signed out."""
        if self._lacks(form):
            return
        self._begin()
        yield None
        try:
            await services().passwords.change(self._actor(), form.current, form.new, self._caller())
        except PortalError as error:
            self._fail(error)
            return
        self.is_busy, self.score = False, -1
        self.changes += 1
        await self._say("security.changed")
        yield DevicesState.load_devices
