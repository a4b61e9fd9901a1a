"""The style guide's menus, dialog and short notices."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import attributes
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.fields import text_field
from guance_portal.components.icons import icon
from guance_portal.components.menu import menu, menu_action
from guance_portal.components.page_parts import panel
from guance_portal.components.words import t
from guance_portal.components.workspaces import workspace_switcher
from guance_portal.state.style_guide import StyleGuideState
from guance_portal.state.workspace import Place


def sections() -> list[rx.Component]:
    """Everything that floats."""
    return [_menus(), _dialog()]


def _menus() -> rx.Component:
    places = [
        Place("a", "云帆-生产环境", is_commercial=True, is_current=True),
        Place("b", "云帆-预发环境", is_commercial=True),
        Place("c", "yunfan-trial"),
    ]
    return panel(
        rx.el.div(
            workspace_switcher(
                rx.Var.create(places[0].name).to(str),
                rx.Var.create(places).to(list[Place]),
                is_commercial=rx.Var.create(True),
                on_choose=_choose,
            ),
            menu(
                menu_action(icon("copy"), rx.el.span(t("look.toast.show")), on_click=StyleGuideState.say_copied),
                menu_action(icon("square"), rx.el.span(t("look.dialog.open")), on_click=StyleGuideState.open_dialog),
                id="sample-menu",
                label=t("look.menus"),
                button=[t("look.menus"), icon("chevron-down", 14)],
            ),
            class_name="gc-row",
        ),
        rx.el.h3(t("look.toasts")),
        rx.el.div(
            button(t("look.toast.show"), kind="soft", on_click=StyleGuideState.say_copied),
            button(t("look.toast.show_problem"), kind="soft", on_click=StyleGuideState.say_unsaved),
            class_name="gc-row",
        ),
        title=t("look.menus"),
    )


def _choose(_: Any) -> Any:
    return StyleGuideState.say_copied


def _dialog() -> rx.Component:
    return panel(
        rx.el.div(
            button(t("look.dialog.open"), on_click=StyleGuideState.open_dialog),
            button(t("look.alert.open"), kind="danger", on_click=StyleGuideState.open_alert),
            class_name="gc-row",
        ),
        dialog(
            text_field("dialog_username", t("look.dialog.username"), required=True),
            button(t("look.toggle_busy"), kind="soft", size="small", on_click=StyleGuideState.toggle_busy),
            id="sample-dialog",
            title=t("look.dialog.title"),
            description=t("look.dialog.text"),
            is_open=StyleGuideState.is_open,
            on_close=StyleGuideState.close_dialog,
            footer=[
                cancel_button(),
                button(
                    t("look.dialog.confirm"), on_click=StyleGuideState.close_dialog, busy=StyleGuideState.is_waiting
                ),
            ],
            busy=StyleGuideState.is_waiting,
        ),
        dialog(
            rx.el.p(t("look.alert.text")),
            id="sample-alert",
            title=t("look.alert.title"),
            is_open=StyleGuideState.is_alerting,
            on_close=StyleGuideState.close_dialog,
            footer=[
                cancel_button(),
                button(t("look.alert.confirm"), kind="danger", on_click=StyleGuideState.close_dialog),
            ],
            is_alert=True,
        ),
        title=t("look.dialogs"),
        custom_attrs=attributes(data_section="dialogs"),
    )
