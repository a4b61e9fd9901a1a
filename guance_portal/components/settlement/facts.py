"""What a page says of how its workspace is settled, beside the dialog; it follows every change by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.page_parts import facts, when
from guance_portal.components.words import said, t
from guance_portal.state.settlement.dialog import SettlementState

_SHOWN: Any = SettlementState.shown


def settled_by() -> rx.Component:
    """The method with the account it charges."""
    return rx.el.div(
        provider(_SHOWN.mark, size="large"),
        rx.el.span(
            rx.el.b(said(_SHOWN.method)),
            rx.el.small(rx.el.span(said(_SHOWN.account), **VERBATIM)),
            class_name="gc-two",
        ),
        class_name="gc-payer settled",
    )


def next_change_facts() -> rx.Component:
    """Since when, the next possible change, and the one that waits."""
    return rx.fragment(
        facts(
            (t("settlement.since"), rx.el.span(_SHOWN.since)),
            (t("settlement.next_change"), rx.el.span(said(_SHOWN.next_change))),
        ),
        when(
            _SHOWN.pending_id != "",
            facts(
                (
                    t("settlement.pending_row"),
                    t("settlement.pending_value", day=_SHOWN.pending_day, method=said(_SHOWN.pending)),
                )
            ),
        ),
    )
