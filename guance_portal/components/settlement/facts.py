"""What a page says of how its workspace is settled, beside the dialog; it follows every change by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, when
from guance_portal.state.settlement.dialog import SettlementState

_SHOWN: Any = SettlementState.shown


def settled_by() -> rx.Component:
    """The method with the account it charges."""
    return rx.el.div(
        provider(_SHOWN.mark, size="large"),
        rx.el.span(
            rx.el.b(translated(_SHOWN.method)),
            rx.el.small(rx.el.span(translated(_SHOWN.account), **VERBATIM)),
            class_name="gc-two",
        ),
        class_name="gc-payer settled",
    )


def next_change_facts() -> rx.Component:
    """Since when, the next possible change, and the one that waits."""
    return rx.fragment(
        facts(
            (text("settlement.since"), rx.el.span(_SHOWN.since)),
            (text("settlement.next_change"), rx.el.span(translated(_SHOWN.next_change))),
        ),
        when(
            _SHOWN.pending_id != "",
            facts(
                (
                    text("settlement.pending_row"),
                    text("settlement.pending_value", day=_SHOWN.pending_day, method=translated(_SHOWN.pending)),
                )
            ),
        ),
    )
