"""Menus on the platform's popover: they open without JavaScript; arrow keys, Home, End and Esc work."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx
from reflex_base.style import color_mode_imports
from reflex_base.vars.base import VarData
from reflex_components_core.el.elements.base import BaseHTML

from guance_portal.components.base import Child, Handler, TextLike, attributes
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import LANGUAGE, choose, text
from guance_portal.core.messages import Language

_mode_data = VarData(
    imports=color_mode_imports, hooks={"const { rawColorMode, setColorMode } = useContext(ColorModeContext)": None}
)
_mode: rx.Var[str] = rx.Var("rawColorMode", _var_type=str, _var_data=_mode_data)
_MODES = {"light": "sun", "dark": "moon", "system": "monitor"}


class MenuRoot(BaseHTML):
    """Keyboard and place of a popover menu (assets/menu.js)."""

    library = "$/public/menu.js"
    tag = "MenuRoot"


def menu(
    *items: Child,
    id: str,  # noqa: A002 - the HTML name
    label: TextLike,
    button: list[Child],
    button_class: str = "gc-header-button",
    menu_class: str = "",
    is_over: bool = False,
) -> rx.Component:
    """A button and the menu it opens; items are `menu_link`, `menu_action` or `menu_choice`.

    `is_over`: on phones it lies over the page, and the way back closes it (assets/back.js).
    """
    return MenuRoot.create(
        rx.el.button(
            *button,
            type="button",
            class_name=button_class,
            aria_label=label,
            aria_haspopup="menu",
            aria_expanded=False,
            custom_attrs={"popoverTarget": id},
        ),
        rx.el.div(
            *items,
            id=id,
            role="menu",
            aria_label=label,
            class_name=f"gc-menu {menu_class}",
            custom_attrs={"popover": "auto", **({"data-over": ""} if is_over else {})},
        ),
        class_name="gc-menu-root",
    )


def menu_link(*children: Child, href: str) -> rx.Component:
    """An item that leads to a page."""
    return link(*children, href=href, class_name="gc-menu-item", role="menuitem", tab_index=-1)


def menu_action(*children: Child, on_click: Handler = None, is_submit: bool = False) -> rx.Component:
    """An item that does something, or sends the form it stands in."""
    props: dict[str, Any] = {} if on_click is None else {"on_click": on_click}
    return rx.el.button(
        *children,
        type="submit" if is_submit else "button",
        class_name="gc-menu-item",
        role="menuitem",
        tab_index=-1,
        **props,
    )


def menu_choice(*children: Child, is_chosen: rx.Var[bool], on_click: Handler) -> rx.Component:
    """An item that is one of several states."""
    return rx.el.button(
        *children,
        rx.el.span(icon("check"), class_name="gc-menu-check"),
        type="button",
        class_name="gc-menu-item",
        role="menuitemradio",
        tab_index=-1,
        on_click=on_click,
        custom_attrs=attributes(aria_checked=is_chosen),
    )


def language_menu() -> rx.Component:
    """Switches the language at once, without the server."""
    return menu(
        *language_choices(),
        id="language-menu",
        label=text("language.label"),
        button=[
            icon("languages"),
            rx.el.span(rx.cond(LANGUAGE == "en", "English", "简体中文"), class_name="gc-header-text"),
        ],
    )


def theme_menu() -> rx.Component:
    """Light, dark, or as the system; remembered by the browser."""
    return menu(
        *theme_choices(),
        id="theme-menu",
        label=text("theme.label"),
        button=[icon("sun", class_name="gc-when-light"), icon("moon", class_name="gc-when-dark")],
        button_class="gc-header-button square",
    )


def language_choices() -> list[rx.Component]:
    """One item for each language, named in itself."""
    names = {Language.ZH: "简体中文", Language.EN: "English"}
    return [
        menu_choice(
            rx.el.span(name, lang=language.value),
            is_chosen=(LANGUAGE == "en") if language is Language.EN else (LANGUAGE != "en"),
            on_click=choose(language),
        )
        for language, name in names.items()
    ]


def theme_choices() -> list[rx.Component]:
    """Light, dark, and as the system."""
    return [
        menu_choice(
            icon(name),
            rx.el.span(text(f"theme.{mode}")),
            is_chosen=_is_mode(mode),
            on_click=rx.Var(f"() => setColorMode({mode!r})", _var_data=_mode_data).to(rx.EventChain),
        )
        for mode, name in _MODES.items()
    ]


def _is_mode(mode: str) -> rx.Var[bool]:
    return cast("rx.Var[bool]", _mode == mode)
