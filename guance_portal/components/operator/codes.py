"""An operator's recovery codes: the panel, the dialog that renews them, and the list that is shown once."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.accounts.sessions.forms import RecoveryForm
from guance_portal.components.badges import badge
from guance_portal.components.base import TextLike
from guance_portal.components.buttons import button, copy_button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.state.operator.codes import RecoveryCodesState as State

_FEW = 3


def recovery_codes_panel() -> rx.Component:
    """How many are left, and the way to new ones."""
    return panel(
        rx.el.div(
            rx.el.span(
                text("operator_codes.left", count=State.left),
                " ",
                rx.cond(State.left <= _FEW, badge(text("operator_codes.few"), tone="amber"), rx.fragment()),
            ),
            button(text("operator_codes.renew"), kind="secondary", on_click=State.open_dialog),
            class_name="gc-row gc-spread",
        ),
        _dialog(),
        title=text("operator_codes.title"),
        lead=text("operator_codes.lead"),
    )


def recovery_codes_note(codes: Any, lead: TextLike) -> rx.Component:
    """The codes, to be put away now."""
    return note(
        lead,
        rx.el.ul(rx.foreach(codes, _code), class_name="gc-codes"),
        title=text("operator_sign_in.recovery_title"),
        tone="amber",
        action=copy_button(codes.join("\n"), label=text("operator_sign_in.recovery_copy")),
    )


def _dialog() -> rx.Component:
    is_done = State.codes.length() > 0
    return dialog(
        rx.cond(is_done, recovery_codes_note(State.codes, text("operator_sign_in.recovery_lead")), _form()),
        id="recovery-codes",
        title=text("operator_codes.renew"),
        is_open=State.is_open,
        opened_by=(State.open_dialog,),
        on_close=State.close_dialog,
        footer=(
            rx.cond(
                is_done,
                cancel_button(text("operator_codes.saved")),
                rx.fragment(
                    cancel_button(),
                    button(
                        text("operator_codes.confirm"), busy=State.is_busy, type="submit", form="recovery-codes-form"
                    ),
                ),
            ),
        ),
        busy=State.is_busy,
    )


def _form() -> rx.Component:
    return form(
        note(text("operator_codes.means")),
        *form_fields(RecoveryForm, State, has_marks=False),
        id="recovery-codes-form",
        on_submit=State.renew,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels=form_labels(RecoveryForm),
    )


def _code(code: rx.Var[str]) -> rx.Component:
    return rx.el.li(rx.el.code(code))
