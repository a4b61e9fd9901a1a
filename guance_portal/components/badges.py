"""Badges: one or two words about the state of a thing."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from guance_portal.components.base import Child, classes
from guance_portal.components.icons import icon
from guance_portal.components.messages import text

Tone = Literal["gray", "indigo", "green", "amber", "red"]


def badge(*words: Child, tone: Tone = "gray", icon_name: str | None = None, is_strong: bool = False) -> rx.Component:
    """A badge; colour never stands alone, the words carry the meaning. `is_strong` darkens a gray one."""
    before = [icon(icon_name, 12)] if icon_name else []
    return rx.el.span(*before, *words, class_name=classes("gc-badge", tone, "strong" if is_strong else ""))


def edition_badge(is_commercial: rx.Var[bool]) -> rx.Component:
    """体验版 or 商业版."""
    return rx.cond(is_commercial, badge(text("register.commercial"), tone="indigo"), badge(text("register.free")))
