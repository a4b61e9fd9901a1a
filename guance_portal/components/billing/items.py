"""The signs of billing items: icon and colour, each from the item's row."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal.components.icons import icon
from guance_portal.metering.items import USUAL_COLOR, USUAL_ICON, Item

_ICONS = {item.value: item.traits.icon for item in Item if item.traits.icon != USUAL_ICON}
_COLORS = {item.value: item.traits.color for item in Item if item.traits.color != USUAL_COLOR}


def item_icon(item: Any) -> rx.Component:
    """The icon of the item with this value."""
    own = ((value, icon(name)) for value, name in _ICONS.items())
    return cast("rx.Component", rx.match(item, *own, icon(USUAL_ICON)))


def item_color(item: Any) -> rx.Var[str]:
    """The colour of an item in charts, as CSS."""
    return _choose(item, "var(--{})")


def swatch(item: Any, **props: Any) -> rx.Component:
    """A small patch in the colour that the item has in charts."""
    return rx.el.i(class_name=_choose(item, "gc-swatch {}"), **props)


def _choose(item: Any, pattern: str) -> rx.Var[str]:
    """The pattern with the name of the item's colour in it."""
    own = ((value, pattern.format(name)) for value, name in _COLORS.items())
    return cast("rx.Var[str]", rx.match(item, *own, pattern.format(USUAL_COLOR)))
