"""Settlement methods to choose from; each says what it needs, a refused one why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import Problem, TextLike, attributes
from guance_portal.components.brand import provider
from guance_portal.components.choices import card_id, card_names, card_text
from guance_portal.components.field_frame import field_id, message
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated


def settlement_cards(
    legend: TextLike,
    available_at: TextLike,
    rows: Any,
    *,
    chosen: rx.Var[str],
    problem: Problem,
    on_choose: Callable[[Any], Any],
) -> rx.Component:
    """A radio group named `method`; `chosen` is preselected. Rows are `OptionRow`s of the state.

    `on_choose` gets the value of the one that is chosen.
    """

    def card(row: Any, index: rx.Var[int]) -> rx.Component:
        return _card(row, index, chosen, on_choose)

    return rx.el.fieldset(
        rx.el.legend(
            rx.el.span(legend, id=f"{field_id('method')}-legend"), rx.el.span(available_at, class_name="gc-optional")
        ),
        rx.foreach(rows, card),
        message(problem, id=f"{field_id('method')}-problem"),
        id=field_id("method"),
        # What was chosen before comes after the rows do: the radios start over with it.
        key=chosen,
        custom_attrs=attributes(tabIndex=-1, aria_labelledby=f"{field_id('method')}-legend"),
        class_name="gc-cards",
    )


def _card(row: Any, index: rx.Var[int], chosen: rx.Var[str], on_choose: Callable[[Any], Any]) -> rx.Component:
    id_ = card_id("method", row.value)
    return rx.el.label(
        rx.el.input(
            name="method",
            type="radio",
            value=row.value,
            disabled=~row.is_choosable,
            default_checked=row.value == chosen,
            on_change=on_choose(row.value),
            custom_attrs=card_names(id_),
        ),
        provider(row.mark, size="large"),
        card_text(
            id_,
            translated(row.title),
            rx.el.span(translated(row.description), class_name="gc-card-detail"),
            rx.cond(
                row.is_choosable,
                rx.el.span(icon("clipboard-list", 14), rx.el.span(translated(row.needs)), class_name="gc-card-needs"),
                rx.fragment(
                    rx.el.span(
                        icon("clipboard-list", 14), rx.el.span(translated(row.needs)), class_name="gc-card-needs"
                    ),
                    rx.el.span(icon("lock", 14), rx.el.span(translated(row.reason)), class_name="gc-card-reason"),
                ),
            ),
            badge=rx.cond(index == 0, badge(text("sign_up.default"), tone="indigo"), rx.fragment()),
        ),
        class_name=rx.cond(row.is_choosable, "gc-card", "gc-card refused"),
    )
