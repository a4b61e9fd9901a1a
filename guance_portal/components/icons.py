"""Icons: lucide, drawn at 14, 16 or 18 px (base.css gives their strokes); never read aloud."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import attributes


def icon(name: str, size: int = 16, *, class_name: str = "") -> rx.Component:
    """One icon by its lucide name."""
    return rx.icon(name, size=size, class_name=class_name, custom_attrs=attributes(aria_hidden=True))


def spinner() -> rx.Component:
    """A turning ring for what takes a moment."""
    return rx.el.span(class_name="gc-spinner", custom_attrs=attributes(aria_hidden=True))
