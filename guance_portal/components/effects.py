"""What an act means, line by line: a sign, what changes, and a sentence about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from guance_portal.components.icons import icon
from guance_portal.components.messages import translated
from guance_portal.state.upgrade.effects import EffectRow

_SIGNS = ("arrow-up-from-line", "eye-off", "gauge", "receipt-text", "users", "wallet")


def effect_list(rows: rx.Var[Sequence[EffectRow]]) -> rx.Component:
    """The effects, said before the act."""
    return rx.el.ul(rx.foreach(rows, _effect), class_name="gc-effects")


def _effect(row: Any) -> rx.Component:
    return rx.el.li(
        rx.match(row.icon, *((name, icon(name, 16)) for name in _SIGNS), icon("plug", 16)),
        rx.el.span(rx.el.b(translated(row.title)), rx.el.small(translated(row.detail))),
    )
