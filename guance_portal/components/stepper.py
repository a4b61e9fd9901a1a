"""The steps of a flow; on phones only the current one keeps its name on screen."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from guance_portal.components.base import TextLike, attributes, classes
from guance_portal.components.icons import icon


def stepper(label: TextLike, steps: Sequence[TextLike], *, at: int) -> rx.Component:
    """An ordered list of steps; `at` is the index of the current one."""
    return rx.el.ol(
        *(_step(number, name, at) for number, name in enumerate(steps)), aria_label=label, class_name="gc-stepper"
    )


def _step(number: int, name: TextLike, at: int) -> rx.Component:
    sign = icon("check", 12) if number < at else str(number + 1)
    return rx.el.li(
        rx.el.span(sign, class_name="gc-step"),
        rx.el.span(name, class_name="gc-step-name"),
        class_name=classes("done" if number < at else ""),
        custom_attrs=attributes(aria_current="step" if number == at else None),
    )
