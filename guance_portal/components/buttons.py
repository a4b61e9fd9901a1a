"""Buttons: one primary a view, the rest quieter; busy ones stay focusable and do nothing."""

from __future__ import annotations

from typing import Any, Literal, cast

import reflex as rx

from guance_portal.components.base import Child, Handler, TextLike, attributes, classes, given
from guance_portal.components.icons import icon, spinner
from guance_portal.components.links import link
from guance_portal.components.messages import text

Kind = Literal["primary", "secondary", "soft", "danger", "link"]
Size = Literal["small", "medium", "large"]


def button(
    *children: Child,
    kind: Kind = "primary",
    size: Size = "medium",
    on_click: Handler = None,
    busy: rx.Var[bool] | None = None,
    disabled: rx.Var[bool] | bool | None = None,
    icon_name: str | None = None,
    is_wide: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A button that does something here; `submit` stands for the button of a form."""
    shown = [icon(icon_name), *children] if icon_name else list(children)
    if busy is not None:
        shown = [rx.cond(busy, spinner(), rx.fragment()), rx.el.span(*shown, class_name="gc-button-text")]
        if on_click is not None:
            on_click = cast("Any", rx.cond(busy, rx.noop(), on_click))
        props["custom_attrs"] = {
            **props.get("custom_attrs", {}),
            **attributes(aria_busy=busy, aria_disabled=busy),
        }
    props.setdefault("type", "button")
    return rx.el.button(
        *shown,
        class_name=classes("gc-button", kind, size, "wide" if is_wide else "", class_name),
        **given(on_click=on_click, disabled=disabled),
        **props,
    )


def submit(*children: Child, busy: rx.Var[bool] | None = None, size: Size = "large", **props: Any) -> rx.Component:
    """The button that sends a form; wide as the form unless told otherwise."""
    props.setdefault("is_wide", True)
    return button(*children, busy=busy, size=size, type="submit", **props)


def link_button(
    *children: Child,
    href: str | rx.Var[str],
    kind: Kind = "primary",
    size: Size = "medium",
    icon_name: str | None = None,
    is_wide: bool = False,
) -> rx.Component:
    """A link that looks like a button."""
    shown = [icon(icon_name), *children] if icon_name else list(children)
    return link(*shown, href=href, class_name=classes("gc-button", kind, size, "wide" if is_wide else ""))


def icon_button(
    name: str, label: TextLike, *, on_click: Handler = None, size: int = 16, class_name: str = "", **props: Any
) -> rx.Component:
    """A button that shows an icon alone; `label` is its name for everyone who cannot see it."""
    return rx.el.button(
        icon(name, size),
        type="button",
        class_name=classes("gc-icon-button", class_name),
        aria_label=label,
        **given(on_click=on_click),
        **props,
    )


class _CopyButton(rx.Component):
    library = "$/public/copy.js"
    tag = "CopyButton"

    text: rx.Var[str]
    label: rx.Var[str]
    done_label: rx.Var[str]
    icon: rx.Var[rx.Component]
    done_icon: rx.Var[rx.Component]


def copy_button(content: str | rx.Var[str], *, label: TextLike | None = None) -> rx.Component:
    """Copies `text` to the clipboard and says so for two seconds."""
    return _CopyButton.create(
        text=content,
        label=label if label is not None else text("copy.action"),
        done_label=text("copy.done"),
        icon=icon("copy", 14),
        done_icon=icon("check", 14),
        class_name="gc-button soft small",
    )
