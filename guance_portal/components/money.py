"""Amounts, formatted by the server as text: exact, right-aligned, the unit small and grey behind."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from guance_portal.components.base import TextLike, classes

Standing = Literal["", "owed", "credit"]


def money(amount: TextLike, *, unit: TextLike | None = None, standing: Standing = "") -> rx.Component:
    """An amount such as "¥1,234.56" or "−¥86.40"; `standing` colours what is owed or credited."""
    behind = [" ", rx.el.small(unit)] if unit is not None else []
    return rx.el.span(amount, *behind, class_name=classes("gc-money", standing))


def figure(symbol: TextLike, amount: TextLike, *, is_key: bool = False, standing: Standing = "") -> rx.Component:
    """A figure that leads a panel: the symbol smaller and grey, then "5,912.14"."""
    return rx.el.span(
        rx.el.i(symbol), amount, class_name=classes("gc-money gc-figure", "key" if is_key else "", standing)
    )
