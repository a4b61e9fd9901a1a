"""付费记录: the button, and the dialog that lists who paid from which billing day to which."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.state.settlement.history import PaymentHistoryState as State


def history_action() -> rx.Component:
    """付费记录 in the console; small, in the panel that names who pays."""
    return button(text("payment_history.title"), kind="link", on_click=State.open_history)


def paid_history_action(workspace_id: Any) -> rx.Component:
    """付费记录 of one workspace of the fee centre."""
    told: Any = State.open_paid_history
    return button(text("payment_history.title"), kind="link", on_click=told(workspace_id))


def history_dialog() -> rx.Component:
    """It stands at the end of the page."""
    return dialog(
        rx.el.ol(rx.foreach(State.rows, _span), class_name="gc-paid-spans"),
        id="payment-history",
        title=text("payment_history.title"),
        description=rx.el.span(text("payment_history.lead", workspace=State.workspace), **VERBATIM),
        is_open=State.is_open,
        on_close=State.close_history,
        width="choice",
        footer=(cancel_button(text("dialog.close")),),
    )


def _span(row: Any) -> rx.Component:
    charged = rx.el.span(
        rx.el.b(translated(row.method)),
        rx.el.small(
            rx.cond(row.account != "", rx.el.span(row.account, **VERBATIM), ""),
            rx.el.span(translated(row.payer)),
        ),
        class_name="gc-two",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.b(translated(row.days)),
            when(row.is_waiting, badge(text("payment_history.waiting"), tone="amber")),
            class_name="gc-row",
        ),
        rx.el.span(provider(row.mark), charged, class_name="gc-payer"),
        rx.el.small(translated(row.by)),
    )
