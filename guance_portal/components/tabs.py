"""Tabs that are addresses, and segments that switch one panel between few views."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from guance_portal.components.base import Handler, TextLike, attributes
from guance_portal.components.links import link


def tabs(label: TextLike, items: Sequence[tuple[TextLike, str]], *, active: str) -> rx.Component:
    """Links (words, address) that look like tabs, so that the choice survives a reload."""
    return rx.el.nav(
        *(
            link(
                words,
                href=href,
                replace=True,
                custom_attrs=attributes(aria_current="page" if href == active else None),
            )
            for words, href in items
        ),
        aria_label=label,
        class_name="gc-tabs",
    )


def segments(
    name: str, legend: TextLike, items: Sequence[tuple[str, TextLike]], *, value: rx.Var[str], on_change: Handler
) -> rx.Component:
    """One of a few views (value, words); arrow keys move, as in any radio group."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="gc-hidden"),
        *(
            rx.el.label(
                rx.el.input(type="radio", name=name, value=key, checked=value == key, on_change=on_change(key)),
                words,
            )
            for key, words in items
        ),
        class_name="gc-segments",
    )
