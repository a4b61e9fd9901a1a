"""The guide's token: commands it stands in, masked until asked for, and its replacement."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import TextLike
from guance_portal.components.buttons import button
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.components.page_parts import when
from guance_portal.state.guide import GraceForm
from guance_portal.state.guide import GuideState as State

MASK = "tkn_••••••••••••"


class _TokenCommand(rx.Component):
    library = "$/public/command.js"
    tag = "TokenCommand"

    template: rx.Var[str]
    gateway: rx.Var[str]
    token: rx.Var[str]
    shown: rx.Var[bool]
    mask: rx.Var[str]
    secret: rx.Var[bool]
    name: rx.Var[str]
    label: rx.Var[str]
    done_label: rx.Var[str]
    icon: rx.Var[rx.Component]
    done_icon: rx.Var[rx.Component]

    on_need: rx.EventHandler[rx.event.no_args_event_spec]
    on_copied: rx.EventHandler[rx.event.no_args_event_spec]


def command(template: str, name: TextLike) -> rx.Component:
    """A command with the gateway and the token filled in; `name` tells screen readers what is copied.

    Anyone who may not have the token gets a placeholder to replace.
    """
    return _TokenCommand.create(
        template=template,
        gateway=State.gateway,
        token=State.token,
        shown=State.is_shown,
        mask=rx.cond(State.is_manager, MASK, "<TOKEN>"),
        secret=State.is_manager,
        name=name,
        label=text("copy.action"),
        done_label=text("copy.done"),
        icon=icon("copy", 14),
        done_icon=icon("check", 14),
        on_need=State.fetch_token,
        on_copied=State.drop_hidden_token,
        class_name="gc-command",
    )


def token_actions() -> rx.Component:
    """Show, hide and replace the token, for owner and admin."""
    return when(
        State.is_manager,
        rx.el.div(
            rx.cond(
                State.is_shown,
                button(text("guide.hide"), kind="soft", size="small", icon_name="eye-off", on_click=State.hide_token),
                button(text("guide.show"), kind="soft", size="small", icon_name="eye", on_click=State.show_token),
            ),
            button(
                text("guide.replace"),
                kind="soft",
                size="small",
                icon_name="refresh-cw",
                on_click=State.open_replacement,
            ),
            class_name="gc-row",
        ),
    )


def replacement_dialog() -> rx.Component:
    """When the old token becomes invalid."""
    return form_dialog(
        *form_fields(GraceForm, State, has_marks=False),
        state=State,
        form_of=GraceForm,
        id="replace-token",
        title=text("guide.replace_title"),
        description=text("guide.replace_lead"),
        confirm=text("guide.replace_confirm"),
        kind="danger",
        on_submit=State.replace_token,
        is_open=State.is_replacing,
        opened_by=(State.open_replacement,),
        on_close=State.close_replacement,
    )
