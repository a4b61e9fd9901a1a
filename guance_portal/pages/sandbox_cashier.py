"""`/sandbox/cashier`: the simulator of Alipay and WeChat Pay, marked as such."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import page_header, top_bar
from guance_portal.components.messages import text
from guance_portal.components.page_parts import frame, main, stack
from guance_portal.components.sandbox.cashier import deeds_panel, missing_panel, order_panel, sent_panel
from guance_portal.pages.page import Page
from guance_portal.state.sandbox.cashier import SandboxCashierState as State


def sandbox_cashier() -> rx.Component:
    """The order beside what can happen to it, and below them the notices."""
    has_order = State.order.number != ""  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
    known = stack(rx.el.div(order_panel(), deeds_panel(), class_name="gc-cashier"), sent_panel())
    return frame(
        top_bar(),
        main(
            page_header(
                text("cashier.title"),
                badge=badge(text("cashier.badge"), tone="amber", icon_name="flask-conical"),
                lead=text("cashier.lead"),
            ),
            rx.cond(State.is_loaded, rx.cond(has_order, known, missing_panel()), loading(skeleton(height="320px"))),
            class_name="gc-market",
        ),
        class_name="gc-sandbox-page",
    )


PAGE = Page(
    route=routes.SANDBOX_CASHIER,
    build=sandbox_cashier,
    title="cashier.title",
    on_load=State.load_cashier,
    is_sandbox=True,
)
