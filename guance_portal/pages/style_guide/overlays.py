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
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.components.workspaces import workspace_switcher
from guance_portal.state.style_guide import StyleGuideState
from guance_portal.state.workspace import SwitcherWorkspace


def sections() -> list[rx.Component]:
    """Everything that floats."""
    return [_menus(), _dialog()]


def _menus() -> rx.Component:
    places = [
        SwitcherWorkspace("a", "云帆-生产环境", is_commercial=True, is_current=True),
        SwitcherWorkspace("b", "云帆-预发环境", is_commercial=True),
        SwitcherWorkspace("c", "yunfan-trial"),
    ]
    return panel(
        rx.el.div(
            workspace_switcher(
                rx.Var.create(places[0].name).to(str),
                rx.Var.create(places).to(list[SwitcherWorkspace]),
                is_commercial=rx.Var.create(True),
                is_locked=rx.Var.create(False),
                on_choose=_choose,
            ),
            menu(
                menu_action(
                    icon("copy"), rx.el.span(text("style_guide.toast.show")), on_click=StyleGuideState.say_copied
                ),
                menu_action(
                    icon("square"), rx.el.span(text("style_guide.dialog.open")), on_click=StyleGuideState.open_dialog
                ),
                id="sample-menu",
                label=text("style_guide.menus"),
                button=[text("style_guide.menus"), icon("chevron-down", 14)],
            ),
            class_name="gc-row",
        ),
        rx.el.h3(text("style_guide.toasts")),
        rx.el.div(
            button(text("style_guide.toast.show"), kind="soft", on_click=StyleGuideState.say_copied),
            button(text("style_guide.toast.show_problem"), kind="soft", on_click=StyleGuideState.say_unsaved),
            class_name="gc-row",
        ),
        title=text("style_guide.menus"),
    )


def _choose(_: Any) -> Any:
    return StyleGuideState.say_copied


def _dialog() -> rx.Component:
    return panel(
        rx.el.div(
            button(text("style_guide.dialog.open"), on_click=StyleGuideState.open_dialog),
            button(text("style_guide.alert.open"), kind="danger", on_click=StyleGuideState.open_alert),
            class_name="gc-row",
        ),
        dialog(
            text_field("dialog_username", text("style_guide.dialog.username"), required=True),
            button(text("style_guide.toggle_busy"), kind="soft", size="small", on_click=StyleGuideState.toggle_busy),
            id="sample-dialog",
            title=text("style_guide.dialog.title"),
            description=text("style_guide.dialog.text"),
            is_open=StyleGuideState.is_open,
            on_close=StyleGuideState.close_dialog,
            footer=[
                cancel_button(),
                button(
                    text("style_guide.dialog.confirm"),
                    on_click=StyleGuideState.close_dialog,
                    busy=StyleGuideState.is_waiting,
                ),
            ],
            busy=StyleGuideState.is_waiting,
        ),
        dialog(
            rx.el.p(text("style_guide.alert.text")),
            id="sample-alert",
            title=text("style_guide.alert.title"),
            is_open=StyleGuideState.is_alerting,
            on_close=StyleGuideState.close_dialog,
            footer=[
                cancel_button(),
                button(text("style_guide.alert.confirm"), kind="danger", on_click=StyleGuideState.close_dialog),
            ],
            is_alert=True,
        ),
        title=text("style_guide.dialogs"),
        custom_attrs=attributes(data_section="dialogs"),
    )
