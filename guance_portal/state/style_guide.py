"""The style guide of the sandbox: enough state to open, fail, wait and say things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from guance_portal.core.forms import Asked, FieldKind, Form
from guance_portal.core.messages import Text, text
from guance_portal.state.audience import SANDBOX, audience
from guance_portal.state.notice import NoticeState
from guance_portal.state.sign_up.username import UsernameMixin
from guance_portal.state.typed import PasswordMixin

_SHORTEST = 8


class SampleForm(Form):
    """The sample form of the style guide."""

    sample_username: Annotated[str, Asked(label="style_guide.form.username", autocomplete="username")] = ""
    sample_password: Annotated[
        str, Asked(label="style_guide.field.password", kind=FieldKind.PASSWORD, autocomplete="current-password")
    ] = ""


class StyleGuideState(PasswordMixin, UsernameMixin, rx.State):
    """What the interactive pieces of the style guide need; nothing of it is kept."""

    username: rx.Field[str] = rx.field(default="")
    wait: rx.Field[int] = rx.field(default=0)
    sends: rx.Field[int] = rx.field(default=0)
    answers: rx.Field[int] = rx.field(default=0)
    is_sending: rx.Field[bool] = rx.field(default=False)
    is_alerting: rx.Field[bool] = rx.field(default=False)
    is_open: rx.Field[bool] = rx.field(default=False)
    is_waiting: rx.Field[bool] = rx.field(default=False)
    view: rx.Field[str] = rx.field(default="month")

    @audience(SANDBOX)
    @rx.event
    def open_dialog(self) -> None:
        """Open the sample dialog."""
        self.is_open = True

    @audience(SANDBOX)
    @rx.event
    def close_dialog(self) -> None:
        """Close the sample dialogs."""
        self.is_open = self.is_alerting = self.is_waiting = False

    @audience(SANDBOX)
    @rx.event
    def open_alert(self) -> None:
        """Open the sample question."""
        self.is_alerting = True

    @audience(SANDBOX)
    @rx.event
    def type_name(self, name: Annotated[str, Field(max_length=200)]) -> None:
        """Say of some names that they are taken and of others that they are free."""
        self._forget_name()
        self.problems.pop("username", None)
        self.username = name
        if name.startswith("yunfan"):
            self.problems["username"] = text("style_guide.field.taken")
            self.suggestions = [f"{name}-ops", f"{name}2"]
        elif name:
            self.free_name = text("style_guide.field.available")

    @audience(SANDBOX)
    @rx.event
    async def rate_password(self, password: Annotated[str, Field(max_length=1000)]) -> None:
        """Score what is typed, for the meter."""
        await self._rate_password("sample_new_password", password)

    @audience(SANDBOX)
    @rx.event
    async def leave_password(self, password: Annotated[str, Field(max_length=1000)]) -> None:
        """Say what is wrong with a password that is left."""
        await self._leave_password("sample_new_password", password)

    @audience(SANDBOX)
    @rx.event
    def send_code(self) -> None:
        """Let the button rest for a minute, as if a code had been sent."""
        self.wait = 60
        self.sends += 1
        self.answers += 1

    @audience(SANDBOX)
    @rx.event
    def toggle_busy(self) -> None:
        """Let the sample buttons wait, or stop waiting."""
        self.is_waiting = not self.is_waiting

    @audience(SANDBOX)
    @rx.event
    def choose_view(self, view: Literal["month", "yesterday"]) -> None:
        """Switch the sample segments."""
        self.view = view

    @audience(SANDBOX)
    @rx.event
    async def say_copied(self) -> None:
        """Show a notice that leaves by itself."""
        await self._say("style_guide.toast.copied")

    @audience(SANDBOX)
    @rx.event
    async def say_unsaved(self) -> None:
        """Show a notice that stays."""
        notice = await self.get_state(NoticeState)
        notice._say(text("style_guide.toast.unsaved"), is_problem=True, detail=text("style_guide.toast.unsaved_text"))

    @audience(SANDBOX)
    @rx.event
    async def submit_sample(self, form: SampleForm) -> AsyncIterator[None]:
        """Refuse what is missing, else say that it is saved."""
        self._begin()
        yield
        await asyncio.sleep(0.4)
        problems: dict[str, Text] = {}
        if not form.sample_username.strip():
            problems["sample_username"] = text("style_guide.form.missing")
        if len(form.sample_password) < _SHORTEST:
            problems["sample_password"] = text("style_guide.form.short")
        if problems:
            self._refuse(problems)
            return
        self.is_busy = False
        await self._say("style_guide.saved")
