"""更换邮箱: the present address is confirmed, then the new one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Annotated, Any

import reflex as rx

from guance_portal.accounts.identity import contact
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import Asked, FieldKind, Form, Line
from guance_portal.core.messages import Text, text
from guance_portal.payers.email_change import OldEmailFirstError
from guance_portal.state.audience import DISPLAY_ONLY, audience
from guance_portal.state.base import FORM
from guance_portal.state.codes import CodeMixin
from guance_portal.state.session import ViewerState

_FIELDS = ("email", "code", FORM)


class OldForm(Form):
    """The code of the present address."""

    code: Annotated[str, Asked(label="fee_email.old_code", kind=FieldKind.CODE)] = ""


class NewForm(Form):
    """The new address with its code."""

    email: Annotated[
        str, Asked(label="fee_email.new_email", kind=FieldKind.EMAIL, check=contact.clean_email, autocomplete="email")
    ] = ""
    code: Annotated[str, Asked(label="fee_email.new_code", kind=FieldKind.CODE)] = ""


class FeeEmailState(CodeMixin, rx.State):
    """The dialog: first the code of the present address, then that of the new one."""

    is_open: rx.Field[bool] = rx.field(default=False)
    is_old_proven: rx.Field[bool] = rx.field(default=False)
    email: rx.Field[str] = rx.field(default="")
    told: rx.Field[Text] = rx.field(default_factory=Text)

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def open_email(self) -> None:
        """Begin, or go on where this session stopped."""
        self._start()
        self.email, self.told, self.wait = "", Text(), 0
        try:
            self.is_old_proven = await services().email_changes.is_old_proven(self._actor())
        except PortalError as error:
            await self._say_error(error)
        else:
            self.is_open = True

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def close_email(self) -> None:
        """Keep the address."""
        self.is_open = False

    @audience(Realm.FEE_CENTER)
    @rx.event
    def type_email(self, email: Line) -> None:
        """Know where a code is to be sent."""
        if email != self.email:
            self.email, self.told, self.wait = email, Text(), 0
            self.problems.pop("email", None)

    @audience(Realm.FEE_CENTER, page=DISPLAY_ONLY)
    @rx.event
    def leave(self, email: Line) -> None:
        """Say what is wrong with the address once its field is left."""
        if "email" not in self.problems:
            self._judge("email", NewForm(email=email).problem_of("email"))

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def send_to_old(self) -> AsyncIterator[None]:
        """获取验证码, for the present address."""
        if not self._begin_sending(*_FIELDS):
            return
        yield
        await self._send_to(services().email_changes.send_to_old(self._actor(), self._caller()))

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def prove_old(self, form: OldForm) -> AsyncIterator[None]:
        """Take the code of the present address and go on to the new one."""
        self._begin()
        yield
        try:
            await services().email_changes.prove_old(self._actor(), form.code, self._caller())
        except PortalError as error:
            self._fail(error)
            return
        self._start()
        self.is_old_proven, self.told, self.wait = True, Text(), 0

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def send_to_new(self) -> AsyncIterator[None]:
        """获取验证码, for the new address."""
        if not self._begin_sending(*_FIELDS):
            return
        yield
        await self._send_to(services().email_changes.send_to_new(self._actor(), self.email, self._caller()))

    @audience(Realm.FEE_CENTER)
    @rx.event
    async def change_email(self, form: NewForm) -> AsyncIterator[Any]:
        """Take the code of the new address."""
        self._begin()
        yield None
        try:
            await services().email_changes.change(self._actor(), form.email, form.code, self._caller())
        except OldEmailFirstError as error:
            await self._start_over(error)
        except PortalError as error:
            self._fail(error)
        else:
            self.is_busy = self.is_open = False
            await self._say("fee_email.changed", email=form.email.strip())
            yield ViewerState.load_viewer

    async def _start_over(self, error: PortalError) -> None:
        self._start()
        self.is_sending = self.is_old_proven = False
        await self._say_error(error)

    async def _send_to(self, asked: Awaitable[None]) -> None:
        _, error = await self._send(asked)
        if isinstance(error, OldEmailFirstError):
            await self._start_over(error)
        elif error:
            self.refusals += 1
        else:
            self.told = text("fee_email.sent")
