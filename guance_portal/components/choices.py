"""Choices: checkbox, switch and radio cards, all native inputs with their label as the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reflex as rx

from guance_portal.components.base import Child, Problem, Words, attributes, classes, given
from guance_portal.components.brand import provider
from guance_portal.components.field_frame import field_id, label_marks, message, wiring
from guance_portal.components.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from guance_portal.components.field_frame import Required


@dataclass(frozen=True, slots=True)
class Card:
    """One radio card; one that cannot be chosen says why in `reasons`."""

    value: str
    title: Words
    detail: Child | None = None
    mark: str = ""
    badge: rx.Component | None = None
    reasons: Sequence[Child] = ()


def checkbox(
    name: str,
    *label: Child,
    problem: Problem | None = None,
    help: Child | None = None,  # noqa: A002 - the word for it
    **control: Any,
) -> rx.Component:
    """A checkbox with its label; put it in a form as a `bool` field."""
    box = rx.el.input(id=field_id(name), name=name, type="checkbox", **wiring(name, problem, help, None, control))
    line = rx.el.label(box, rx.el.span(*label), class_name="gc-check")
    below = [message(problem, id=f"{field_id(name)}-problem")] if problem is not None else []
    if help is not None:
        below.append(rx.el.span(help, class_name="gc-help", id=f"{field_id(name)}-help"))
    return rx.el.div(line, *below, class_name="gc-field") if below else line


def switch(name: str, *label: Child, **control: Any) -> rx.Component:
    """A switch with its label, for what takes effect with the form."""
    box = rx.el.input(id=field_id(name), name=name, type="checkbox", role="switch", class_name="gc-switch", **control)
    return rx.el.label(box, rx.el.span(*label), class_name="gc-check")


def radio(name: str, value: str, *label: Child, **control: Any) -> rx.Component:
    """One plain radio button of the group `name`."""
    box = rx.el.input(name=name, type="radio", value=value, **control)
    return rx.el.label(box, rx.el.span(*label), class_name="gc-check")


def radio_cards(
    name: str,
    legend: Words,
    cards: Sequence[Card],
    *,
    value: str | None = None,
    problem: Problem | None = None,
    required: Required = None,
    **control: Any,
) -> rx.Component:
    """One of several options, each a card; refused ones stay visible with their reasons."""
    wrong = [message(problem, id=f"{field_id(name)}-problem")] if problem is not None else []
    return rx.el.fieldset(
        rx.el.legend(legend, *label_marks(required)),
        *(_card(name, card, is_chosen=card.value == value, control=control) for card in cards),
        *wrong,
        id=field_id(name),
        class_name="gc-cards",
        custom_attrs=attributes(tabIndex=-1, aria_describedby=f"{field_id(name)}-problem" if wrong else None),
    )


def _card(name: str, card: Card, *, is_chosen: bool, control: dict[str, Any]) -> rx.Component:
    refused = bool(card.reasons)
    box = rx.el.input(
        name=name,
        type="radio",
        value=card.value,
        disabled=refused,
        **given(default_checked=is_chosen or None),
        **control,
    )
    tile = [provider(card.mark)] if card.mark else []
    badge = [card.badge] if card.badge is not None else []
    detail = [rx.el.span(card.detail, class_name="gc-card-detail")] if card.detail is not None else []
    reasons = [rx.el.span(icon("lock", 14), rx.el.span(why), class_name="gc-card-reason") for why in card.reasons]
    return rx.el.label(
        box,
        *tile,
        rx.el.span(rx.el.span(rx.el.b(card.title), *badge, class_name="gc-card-title"), *detail, *reasons),
        class_name=classes("gc-card", "refused" if refused else ""),
    )
