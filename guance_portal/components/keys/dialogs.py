"""The dialogs of API 密钥: a new key, and the end of one."""

from __future__ import annotations

import reflex as rx

from guance_portal.accounts.keys.forms import KeyForm
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, copy_button
from guance_portal.components.choices import switch
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.fields import text_field
from guance_portal.components.form_dialog import question
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.messages import text
from guance_portal.components.page_parts import stack
from guance_portal.core.forms import FieldKind
from guance_portal.state.keys.create import CreateKeyState
from guance_portal.state.keys.table import KeysState


def keys_dialogs() -> rx.Component:
    """Both of them; they stand at the end of the page."""
    return rx.fragment(_create(), _delete())


def _create() -> rx.Component:
    state = CreateKeyState
    return dialog(
        rx.cond(state.key != "", _made(), _form()),
        id="create-key",
        title=text("keys.create"),
        description=text("keys.create_lead"),
        is_open=state.is_open,
        opened_by=(state.open_create,),
        on_close=state.close_create,
        footer=(
            rx.cond(
                state.key != "",
                button(text("keys.done"), on_click=state.close_create),
                rx.fragment(
                    cancel_button(), button(text("keys.create"), busy=state.is_busy, type="submit", form="key-form")
                ),
            ),
        ),
        busy=state.is_busy,
    )


def _form() -> rx.Component:
    state = CreateKeyState
    switches = {name: asked for name, asked in KeyForm.asked().items() if asked.kind is FieldKind.SWITCH}
    return form(
        text_field(
            "name",
            text(KeyForm.asked()["name"].label),
            problem=state.problems["name"],
            required=True,
            auto_complete="off",
            max_length=KeyForm.asked()["name"].limit,
            help=text("keys.name_help"),
            draft=state.typed["name"],
            on_save=state.type_name,
            on_leave=state.leave,
        ),
        rx.el.fieldset(
            rx.el.legend(text("keys.scopes"), class_name="gc-label"),
            *(switch(name, text(asked.label)) for name, asked in switches.items()),
            class_name="gc-stacked",
        ),
        on_submit=state.create_key,
        busy=state.is_busy,
        refusals=state.refusals,
        problems=state.problems,
        labels=form_labels(KeyForm),
        id="key-form",
        key=state.openings,
    )


def _made() -> rx.Component:
    key = CreateKeyState.key
    return stack(
        note(
            text("keys.made_lead"),
            title=text("keys.made"),
            tone="amber",
            action=copy_button(key, label=text("keys.copy")),
        ),
        rx.el.code(key, class_name="gc-id", custom_attrs={"data-verbatim": "", "data-scrolls": ""}),
    )


def _delete() -> rx.Component:
    state = KeysState
    return question(
        stack(rx.el.b(state.chosen_name, **VERBATIM), rx.el.p(text("keys.delete_lead"))),
        id="delete-key",
        title=text("keys.delete_title"),
        confirm=text("keys.delete_confirm"),
        on_confirm=state.delete_key,
        is_open=state.is_deleting,
        on_close=state.close_deletion,
        busy=state.is_busy,
    )
