"""The steps of a dialog, one below the other; each says by itself how far it is."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal.components.base import Child, TextLike
from guance_portal.components.icons import icon
from guance_portal.components.messages import text


def vertical_steps(label: TextLike, *steps: rx.Component) -> rx.Component:
    """An ordered list of `step`s."""
    return rx.el.ol(*steps, aria_label=label, class_name="gc-vertical-steps")


def step(
    number: int, title: TextLike, *body: Child, state: rx.Var[str] | str, beside: rx.Component | None = None
) -> rx.Component:
    """One step; `state` is done, now, wrong, waiting (now, for something else), next or later."""
    sign = _of(state, rx.fragment(str(number)), done=icon("check", 14), wrong=icon("x", 14))
    said = _of(state, "", done=text("steps.done"), wrong=text("steps.wrong"))
    current = _of(state, "false", now="step", wrong="step", waiting="step")
    return rx.el.li(
        rx.el.span(sign, class_name="gc-step"),
        rx.el.div(
            rx.el.div(
                rx.el.h3(title, rx.el.span(said, class_name="gc-hidden")),
                *([beside] if beside is not None else []),
                class_name="gc-vertical-head",
            ),
            *body,
            class_name="gc-vertical-body",
        ),
        class_name=state,
        custom_attrs={"aria-current": current},
    )


def _of(state: rx.Var[str] | str, otherwise: Child, **cases: Child) -> Any:
    """What belongs to a state."""
    return cast("Any", rx).match(state, *cases.items(), otherwise)
