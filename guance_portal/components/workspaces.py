"""The workspace switcher of the console's header: the current one, and a menu with search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import reflex as rx

from guance_portal.components.badges import badge, edition_badge
from guance_portal.components.base import VERBATIM, Child, attributes
from guance_portal.components.icons import icon
from guance_portal.components.menu import MenuRoot
from guance_portal.components.messages import text
from guance_portal.state.workspace import SwitcherWorkspace


def workspace_switcher(
    name: rx.Var[str],
    places: rx.Var[Sequence[SwitcherWorkspace]],
    *,
    is_commercial: rx.Var[bool],
    is_locked: rx.Var[bool],
    on_choose: Any,
    footer: Child | None = None,
    id: str = "workspace-menu",  # noqa: A002 - the HTML name
) -> rx.Component:
    """The button with the current workspace and the list it opens; `on_choose(id)` switches.

    Typing filters the list in the browser; `footer` is a last entry (新建工作空间).
    """
    below = [rx.el.hr(class_name="gc-menu-line"), footer] if footer is not None else []
    return MenuRoot.create(
        rx.el.button(
            _tile(name),
            rx.el.span(name, class_name="gc-workspace-name", custom_attrs={"data-verbatim": "", "data-scrolls": ""}),
            rx.cond(is_locked, badge(text("debt.locked"), tone="red", icon_name="lock"), edition_badge(is_commercial)),
            icon("chevrons-up-down", 14),
            type="button",
            class_name="gc-workspace",
            custom_attrs={"popoverTarget": id, **attributes(aria_haspopup="dialog", aria_expanded=False)},
        ),
        rx.el.div(
            rx.el.label(
                icon("search"),
                rx.el.input(
                    type="search",
                    placeholder=text("workspace.search"),
                    aria_label=text("workspace.search"),
                    auto_complete="off",
                ),
                class_name="gc-menu-search",
            ),
            rx.el.div(
                rx.foreach(places, partial(_entry, on_choose=on_choose)),
                role="listbox",
                aria_label=text("workspace.switch"),
            ),
            rx.el.p(
                text("workspace.nothing"), class_name="gc-menu-empty", hidden=True, custom_attrs={"data-nothing": ""}
            ),
            *below,
            id=id,
            role="dialog",
            aria_label=text("workspace.switch"),
            class_name="gc-menu wide",
            custom_attrs={"popover": "auto"},
        ),
        class_name="gc-menu-root",
    )


def _entry(place: Any, on_choose: Any) -> rx.Component:
    return rx.el.button(
        _tile(place.name),
        rx.el.span(place.name, class_name="gc-two", **VERBATIM),
        edition_badge(place.is_commercial),
        rx.el.span(icon("check"), class_name="gc-menu-check"),
        type="button",
        role="option",
        tab_index=-1,
        class_name="gc-menu-item",
        on_click=on_choose(place.id),
        custom_attrs=attributes(aria_selected=place.is_current),
    )


def _tile(name: rx.Var[str]) -> rx.Component:
    return rx.el.span(
        name.to(str)[:1], class_name="gc-workspace-tile", custom_attrs=attributes(aria_hidden=True, data_verbatim="")
    )
