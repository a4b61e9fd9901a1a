"""The workspaces that a subscription which was just bought may pay for."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.choices import card_id, card_names, card_text
from guance_portal.components.field_frame import field_id, message
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.state.settlement.claim import MarketplaceClaimState as State


def claim_choice() -> rx.Component:
    """One card for each, of which one is chosen."""
    return rx.el.fieldset(
        rx.el.legend(text("claim.workspace")),
        rx.foreach(State.rows, _card),
        message(State.problems["workspace"], id=f"{field_id('workspace')}-problem"),
        id=field_id("workspace"),
        class_name="gc-cards gc-methods",
        custom_attrs=attributes(tabIndex=-1),
    )


def _card(row: Any) -> rx.Component:
    id_ = card_id("workspace", row.value)
    return rx.el.label(
        rx.el.input(
            name="workspace",
            type="radio",
            value=row.value,
            checked=State.chosen == row.value,
            on_change=State.choose_workspace(row.value),
            custom_attrs=card_names(id_),
        ),
        card_text(
            id_,
            rx.cond(row.name != "", rx.el.span(row.name, **VERBATIM), rx.el.span(translated(row.title))),
            when(row.detail.zh != "", rx.el.span(translated(row.detail), class_name="gc-card-detail")),
            when(row.change.zh != "", rx.el.span(translated(row.change), class_name="gc-card-detail", **VERBATIM)),
        ),
        class_name="gc-card",
    )
