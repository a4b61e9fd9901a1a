"""注册新账号, a dialog of 套餐升级."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

import reflex as rx
from pydantic import AfterValidator

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.forms import FIELD_NAME, LanguageTag, Line, Password, blank
from guance_portal.core.messages import Text, text
from guance_portal.onboarding.upgrade.forms import NewPayerForm
from guance_portal.state.audience import audience
from guance_portal.state.base import FORM
from guance_portal.state.sign_up.form import Spoken
from guance_portal.state.sign_up.username import UsernameMixin
from guance_portal.state.typed import PasswordMixin, TypedMixin
from guance_portal.state.upgrade.page import AGREEMENT, Id
from guance_portal.state.upgrade.payer import PayerMixin, shown

_Field = Annotated[str, FIELD_NAME, AfterValidator(NewPayerForm.text_name)]


class RegisterHere(Spoken, NewPayerForm):
    """注册新账号 for the workspace that the dialog is about."""

    workspace: Id = ""


class NewPayerState(PasswordMixin, TypedMixin, UsernameMixin, PayerMixin, rx.State):
    """The account to be: what was typed, and what is known about it."""

    typed: rx.Field[dict[str, str]] = rx.field(default_factory=blank(NewPayerForm))
    is_email_proven: rx.Field[bool] = rx.field(default=False)

    @audience(Realm.CONSOLE)
    @rx.event
    async def load_new_payer(self) -> None:
        """Show what was typed before; the username is one's own at first."""
        self._start()
        self._forget_name()
        self.is_sending, self.is_sent, self.score = False, False, -1
        view = await shown(self)
        if view and view.offer:
            typed = view.offer.typed
            self._take(NewPayerForm.of(typed.form.typed()))
            self.wait, self.is_email_proven = typed.resend_after, typed.is_email_proven

    @audience(Realm.CONSOLE)
    @rx.event
    async def save(self, workspace: Id, field: _Field, value: Line) -> None:
        """Keep what is typed."""
        if not self._type(NewPayerForm, field, value):
            return
        if field == "email":
            # The code was for another address.
            self.is_sent, self.wait, self.is_email_proven = False, 0, False
            self.problems.pop("code", None)
        try:
            await services().onboarding.upgrade_payers.save(self._asker(workspace), {field: value})
        except PortalError as error:
            await self._say_error(error)

    @audience(Realm.CONSOLE)
    @rx.event
    def leave(self, field: _Field, value: Line) -> None:
        """Say what is wrong with a field that is left."""
        self._leave(NewPayerForm, field, value)

    @audience(Realm.CONSOLE)
    @rx.event
    async def leave_password(self, password: Password) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("password", password, self.typed["username"], self.typed["email"])

    @audience(Realm.CONSOLE)
    @rx.event
    async def check_username(self, workspace: Id, typed: Line) -> AsyncIterator[None]:
        """Say while it is typed whether a username is free."""
        asker = self._asker(workspace)
        async for _ in self._check_name(typed, partial(services().onboarding.upgrade_new_payers.check_username, asker)):
            yield

    @audience(Realm.CONSOLE)
    @rx.event
    async def take_suggestion(self, workspace: Id, username: Line) -> AsyncIterator[None]:
        """Put a suggested username into the field."""
        await self.save(workspace, "username", username)
        self.renames += 1
        async for _ in self.check_username(workspace, username):
            yield

    @audience(Realm.CONSOLE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("password", password, self.typed["username"], self.typed["email"])

    @audience(Realm.CONSOLE)
    @rx.event
    async def send_code(self, workspace: Id, language: LanguageTag) -> AsyncIterator[Any]:
        """获取验证码: to the address in the form, which was kept when its field was left."""
        if not self._begin_sending("email", "code"):
            return
        yield
        asked = services().onboarding.upgrade_new_payers.send_opening_code(
            self._asker(workspace, language), self.typed["email"]
        )
        sent, error = await self._send(asked)
        if sent:
            self.is_sent, self.is_email_proven = True, False
        if error:
            yield await self._go_on(error)

    @audience(Realm.CONSOLE)
    @rx.event
    async def register(self, form: RegisterHere) -> AsyncIterator[Any]:
        """注册并绑定: the account comes into being; on to 服务协议."""
        self._begin()
        yield
        try:
            await services().onboarding.upgrade_new_payers.register(self._asker(form.workspace, form.language), form)
        except PortalError as error:
            self._refuse(_problems(error))
            await self._learn(error)
            yield await self._go_on(error)
        else:
            self.is_busy = False
            yield rx.redirect(routes.upgrade(AGREEMENT), replace=True)

    async def _learn(self, error: PortalError) -> None:
        """What a refused form has brought all the same: a code that was right, usernames that are free."""
        self._fail_name(error)
        view = await shown(self)
        if view and view.offer:
            self.is_email_proven = view.offer.typed.is_email_proven


def _problems(error: PortalError) -> dict[str, Text]:
    every = error.problems if isinstance(error, FormProblemsError) else (error,)
    return {one.field or FORM: text(one.code, **one.params) for one in every}
