"""Choices: checkbox, switch and radio cards, all native inputs with their label as the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from guance_portal.components.base import Child, Problem, TextLike, attributes, classes, given
from guance_portal.components.brand import provider
from guance_portal.components.field_frame import Required, field_id, label_marks, message, wiring
from guance_portal.components.icons import icon


@dataclass(frozen=True, slots=True)
class Card:
    """One radio card; one that cannot be chosen says why in `reasons`."""

    value: str
    title: TextLike
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
    legend: TextLike,
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
        rx.el.legend(rx.el.span(legend, id=f"{field_id(name)}-legend"), *label_marks(name, required)),
        *(_card(name, card, is_chosen=card.value == value, control=control) for card in cards),
        *wrong,
        id=field_id(name),
        class_name="gc-cards",
        custom_attrs=attributes(
            tabIndex=-1,
            aria_labelledby=f"{field_id(name)}-legend",
            aria_describedby=f"{field_id(name)}-problem" if wrong else None,
        ),
    )


def card_id(name: str, value: str | rx.Var[str]) -> str:
    """What the ids of a card's words begin with; the card is that of one value of the group `name`."""
    return f"card-{name}-{value}"


def card_names(id_: str) -> dict[str, Any]:
    """The attributes of a card's input: the title alone is its name, all else describes it."""
    return attributes(aria_labelledby=f"{id_}-title", aria_describedby=f"{id_}-badge {id_}-rest")


def card_text(id_: str, title: Child, *rest: rx.Component, badge: rx.Component | None = None) -> rx.Component:
    """What a card says: its title, a badge beside it, the rest below; the input has `card_names` of the same id."""
    behind = [rx.el.span(badge, id=f"{id_}-badge", class_name="gc-card-rest")] if badge is not None else []
    return rx.el.span(
        rx.el.span(rx.el.b(title, id=f"{id_}-title"), *behind, class_name="gc-card-title"),
        rx.el.span(*rest, id=f"{id_}-rest", class_name="gc-card-rest"),
    )


def _card(name: str, card: Card, *, is_chosen: bool, control: dict[str, Any]) -> rx.Component:
    refused, id_ = bool(card.reasons), card_id(name, card.value)
    box = rx.el.input(
        name=name,
        type="radio",
        value=card.value,
        disabled=refused,
        custom_attrs=card_names(id_),
        **given(default_checked=is_chosen or None),
        **control,
    )
    tile = [provider(card.mark)] if card.mark else []
    detail = [rx.el.span(card.detail, class_name="gc-card-detail")] if card.detail is not None else []
    reasons = [rx.el.span(icon("lock", 14), rx.el.span(why), class_name="gc-card-reason") for why in card.reasons]
    return rx.el.label(
        box,
        *tile,
        card_text(id_, card.title, *detail, *reasons, badge=card.badge),
        class_name=classes("gc-card", "refused" if refused else ""),
    )
