"""Bars that measure: a daily quota, the strength of a password."""

from __future__ import annotations

from typing import cast

import reflex as rx

from guance_portal.components.base import Child, TextLike, attributes
from guance_portal.components.icons import icon
from guance_portal.components.messages import text


def quota(
    name: TextLike,
    *,
    percent: int | rx.Var[int],
    used: TextLike,
    limit: TextLike,
    reset: TextLike,
    tone: str | rx.Var[str] = "",
    icon_name: str | rx.Component = "gauge",
    badge: Child | None = None,
    kept: TextLike | None = None,
) -> rx.Component:
    """How much of a quota is used; `percent` is 0-100, `tone` amber from 85 %, red at 100 %.

    `limit` comes with its unit; `kept` says for how long such data is kept.
    """
    sign = [badge] if badge is not None else []
    stored = [" · ", kept] if kept is not None else []
    shown = rx.Var.create(percent).to(str)
    return rx.el.div(
        rx.el.div(
            icon(icon_name) if isinstance(icon_name, str) else icon_name,
            rx.el.b(name),
            *sign,
            rx.el.span(shown, "%", class_name="gc-quota-percent"),
            class_name="gc-quota-head",
        ),
        rx.el.progress(value=percent, max=100, class_name="gc-bar", aria_label=name),
        rx.el.div(rx.el.span(rx.el.b(used), " / ", limit, *stored), rx.el.span(reset), class_name="gc-quota-foot"),
        class_name=rx.Var.create("gc-quota ").to(str) + rx.Var.create(tone).to(str),
    )


def password_strength(score: rx.Var[int]) -> rx.Component:
    """Four bars and a word for a zxcvbn score of 0-4 (-1: nothing to rate); announced when it changes."""
    levels = ((level, text(f"strength.level{max(level, 1)}")) for level in range(5))
    words = cast("rx.Var[str]", rx.match(score, *levels, text("strength.level0")))
    return rx.el.div(
        rx.el.span(*(rx.el.i() for _ in range(4)), custom_attrs=attributes(aria_hidden=True)),
        rx.el.span(text("strength.prefix"), words, role="status"),
        class_name="gc-strength",
        custom_attrs={"data-score": score},
    )
