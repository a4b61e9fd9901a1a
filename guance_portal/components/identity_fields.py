"""The fields by which people make themselves known: a new username, a new password, a code that was mailed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import reflex as rx

from guance_portal.components.base import Child, Handler, TextLike, given
from guance_portal.components.buttons import button
from guance_portal.components.countdown import countdown_button
from guance_portal.components.feedback import spinner
from guance_portal.components.field_frame import Required
from guance_portal.components.fields import password_field, text_field
from guance_portal.components.messages import text
from guance_portal.components.meter import password_strength
from guance_portal.core import plain


def username_field(
    state: Any,
    *,
    draft: rx.Var[str],
    help: Child,  # noqa: A002 - the word for it
    on_change: Handler,
    on_save: Handler,
    on_take: Callable[[rx.Var[str]], Any],
) -> rx.Component:
    """A username that is checked while it is typed, by a state with `UsernameMixin`; `on_take` gets a suggestion."""
    return rx.el.div(
        text_field(
            "username",
            text("sign_up.username"),
            problem=state.problems["username"],
            good=state.free_name,
            help=help,
            required=True,
            suffix=rx.cond(state.is_checking, spinner(), rx.fragment()),
            auto_complete="username",
            auto_capitalize="none",
            spell_check=False,
            max_length=plain.LONGEST_LINE,
            draft=draft,
            serial=state.renames,
            on_change=on_change,
            on_save=on_save,
        ),
        rx.cond(
            state.suggestions.length() > 0,
            rx.el.div(
                rx.el.span(text("sign_up.suggestions")),
                rx.foreach(state.suggestions, partial(_suggestion, on_take=on_take)),
                class_name="gc-row gc-suggestions",
            ),
            rx.fragment(),
        ),
        class_name="gc-field",
    )


def _suggestion(name: rx.Var[str], on_take: Callable[[rx.Var[str]], Any]) -> rx.Component:
    return button(name, kind="soft", size="small", on_click=on_take(name))


def new_password_field(
    state: Any,
    name: str,
    label: TextLike,
    *,
    help: Child | None = None,  # noqa: A002 - the word for it
    required: Required = None,
    placeholder: Child | None = None,
) -> rx.Component:
    """A new password with its strength; the state has `PasswordMixin`, `rate_password` and `leave_password`."""
    return password_field(
        name,
        label,
        problem=state.problems[name],
        help=help if help is not None else text("reset.help"),
        required=required,
        auto_complete="new-password",
        meter=password_strength(state.score),
        on_change=state.rate_password.debounce(300),
        on_leave=state.leave_password,
        **given(placeholder=placeholder),
    )


def code_field(
    state: Any,
    label: TextLike,
    *,
    help: Child,  # noqa: A002 - the word for it
    on_send: Handler,
    name: str = "code",
) -> rx.Component:
    """A code from an email, with the button that has it sent; the state is one with `CodeMixin`."""
    return text_field(
        name,
        label,
        problem=state.problems[name],
        help=help,
        required=True,
        auto_complete="one-time-code",
        input_mode="numeric",
        max_length=20,
        action=countdown_button(
            text("sign_up.get_code"),
            text("sign_up.resend_in", seconds="{seconds}"),
            seconds=state.wait,
            serial=state.sends,
            busy=state.is_sending,
            answers=state.answers,
            on_click=on_send,
        ),
    )
