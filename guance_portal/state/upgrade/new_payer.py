"""注册新账号, a dialog of 套餐升级."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import reflex as rx
from typing_extensions import TypedDict

from guance_portal import routes
from guance_portal.bootstrap import services
from guance_portal.core.actor import Realm
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import PortalError
from guance_portal.core.words import Text, text
from guance_portal.onboarding.upgrade_new_payer import NewPayerForm
from guance_portal.onboarding.upgrade_payer import PayerChanges
from guance_portal.state.audience import audience
from guance_portal.state.base import FORM
from guance_portal.state.sign_up.form import LanguageTag, Line, Password
from guance_portal.state.sign_up.username import UsernameMixin
from guance_portal.state.upgrade.page import AGREEMENT, WorkspaceId
from guance_portal.state.upgrade.payer import Code, PayerMixin, shown

Kept = Literal["username", "email", "company_name"]
"""The fields of 注册新账号 that are kept while they are typed."""


class RegisterForm(TypedDict):
    """注册新账号 as typed."""

    workspace: WorkspaceId
    language: LanguageTag
    username: Line
    password: Password
    company_name: Line
    email: Line
    code: Code


class NewPayerState(UsernameMixin, PayerMixin, rx.State):
    """The account to be: what was typed, and what is known about it."""

    username: rx.Field[str] = rx.field(default="")
    email: rx.Field[str] = rx.field(default="")
    company_name: rx.Field[str] = rx.field(default="")
    is_email_proven: rx.Field[bool] = rx.field(default=False)
    score: rx.Field[int] = rx.field(default=-1)

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
            self.username, self.email, self.company_name = typed.username, typed.email, typed.company_name
            self.wait, self.is_email_proven = typed.resend_after, typed.is_email_proven

    @audience(Realm.CONSOLE)
    @rx.event
    async def keep(self, workspace: WorkspaceId, field: Kept, value: Line) -> None:
        """Keep what is typed."""
        if value == getattr(self, field):
            return
        setattr(self, field, value)
        if field == "email":
            # The code was for another address.
            self.is_sent, self.wait, self.is_email_proven = False, 0, False
            self.problems.pop("code", None)
        try:
            await services().onboarding.upgrade_payers.save(
                self._asker(workspace), replace(PayerChanges(), **{field: value})
            )
        except PortalError as error:
            await self._say_error(error)

    @audience(Realm.CONSOLE)
    @rx.event
    async def check_username(self, workspace: WorkspaceId, typed: Line) -> AsyncIterator[None]:
        """Say while it is typed whether a username is free."""
        asker = self._asker(workspace)
        async for _ in self._check_name(typed, partial(services().onboarding.upgrade_new_payers.check_username, asker)):
            yield

    @audience(Realm.CONSOLE)
    @rx.event
    async def take_suggestion(self, workspace: WorkspaceId, username: Line) -> AsyncIterator[None]:
        """Put a suggested username into the field."""
        await self.keep(workspace, "username", username)
        self.renames += 1
        async for _ in self.check_username(workspace, username):
            yield

    @audience(Realm.CONSOLE)
    @rx.event
    async def rate_password(self, password: Password) -> None:
        """Score what is typed, for the meter."""
        self.score = await self._rate(password, username=self.username, email=self.email)

    @audience(Realm.CONSOLE)
    @rx.event
    async def send_code(self, workspace: WorkspaceId, language: LanguageTag) -> AsyncIterator[Any]:
        """获取验证码: to the address in the form, which was kept when its field was left."""
        if not self._begin_sending("email", "code"):
            return
        yield
        asked = services().onboarding.upgrade_new_payers.send_opening_code(self._asker(workspace, language), self.email)
        sent, error = await self._send(asked)
        if sent:
            self.is_sent, self.is_email_proven = True, False
        if error:
            yield await self._go_on(error)

    @audience(Realm.CONSOLE)
    @rx.event
    async def register(self, form: RegisterForm) -> AsyncIterator[Any]:
        """注册并绑定: the account comes into being; on to 服务协议."""
        self._begin()
        yield
        try:
            await services().onboarding.upgrade_new_payers.register(
                self._asker(form["workspace"], form["language"]),
                NewPayerForm(
                    username=form["username"],
                    password=form["password"],
                    company_name=form["company_name"],
                    email=form["email"],
                    code=form["code"],
                ),
            )
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
