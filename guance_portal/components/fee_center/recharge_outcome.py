"""What became of a recharge order: done, over, unknown; its facts, help, and money that waits for a person."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, stack, success
from guance_portal.state.fee_center.recharge_order import RechargeOrderState as State

_SHOWN: Any = State.shown


def done() -> rx.Component:
    """That it was paid, and what the money did."""
    return panel(
        success(
            text("recharge_order.done", amount=_SHOWN.amount),
            text("recharge_order.done_lead", way=translated(_SHOWN.way_name), at=translated(_SHOWN.paid_at)),
        ),
        rx.el.div(
            facts(
                (
                    text("recharge.pays_debt"),
                    rx.cond(
                        _SHOWN.has_paid_debt,
                        rx.el.span(_SHOWN.debt),
                        rx.el.span(_SHOWN.debt, " ", rx.el.small(text("recharge.no_debt"))),
                    ),
                ),
                (text("recharge_order.became_cash"), rx.el.b(_SHOWN.cash)),
                (text("recharge_order.number"), rx.el.span(_SHOWN.number, class_name="gc-mono", **VERBATIM)),
                (text("recharge_order.trade"), rx.el.span(_SHOWN.trade, class_name="gc-mono", **VERBATIM)),
                (text("recharge_order.transaction"), rx.el.span("#", _SHOWN.transaction, class_name="gc-mono")),
            ),
            class_name="gc-receipt gc-done-facts",
        ),
        rx.el.div(
            link_button(text("recharge_order.to_records"), href=routes.RECHARGES, kind="secondary"),
            link_button(text("recharge_order.to_overview"), href=routes.FEE_CENTER),
            class_name="gc-row gc-centred",
        ),
        class_name="gc-done",
    )


def over(title: Any, lead: Any, icon_name: str) -> rx.Component:
    """That it can no longer be paid, and the way on."""
    return rx.el.div(
        panel(
            empty_state(
                title,
                lead,
                icon_name=icon_name,
                action=link_button(text("recharge_order.again"), href=routes.RECHARGE),
            ),
        ),
        stack(order_panel(), help_panel()),
        class_name="gc-beside",
    )


def missing() -> rx.Component:
    """That there is no such order."""
    return panel(
        empty_state(
            text("recharge_order.missing"),
            text("recharge_order.missing_lead"),
            icon_name="receipt-text",
            action=link_button(text("recharge.title"), href=routes.RECHARGE),
        )
    )


def asides() -> rx.Component:
    """Money that came for this order and was not simply credited."""
    return rx.el.div(rx.foreach(State.asides, _aside), class_name="gc-stack")


def order_panel() -> rx.Component:
    """What was ordered."""
    return panel(facts(*_order_facts()), title=text("recharge_order.order"))


def help_panel() -> rx.Component:
    """What to do when something goes wrong."""
    topics = ("not_updated", "twice", "over")
    return panel(
        *(
            rx.el.details(
                rx.el.summary(text(f"recharge_order.help_{topic}")),
                rx.el.p(text(f"recharge_order.help_{topic}_lead")),
                class_name="gc-help-topic",
            )
            for topic in topics
        ),
        title=text("recharge_order.help"),
    )


def _order_facts() -> list[tuple[Any, Any]]:
    return [
        (text("recharge_order.number"), rx.el.span(_SHOWN.number, class_name="gc-mono", **VERBATIM)),
        (text("recharge_order.amount"), rx.el.b(_SHOWN.amount)),
        (text("recharge_order.way"), translated(_SHOWN.way_name)),
        (text("recharge_order.created"), translated(_SHOWN.created_at)),
        (text("recharge_order.expires"), translated(_SHOWN.expires_at)),
    ]


def _aside(row: Any) -> rx.Component:
    return note(
        rx.cond(
            row.is_done,
            text("recharge_order.aside_done", why=translated(row.why)),
            text("recharge_order.aside_waits", why=translated(row.why)),
        ),
        tone="amber",
        title=text("recharge_order.aside", amount=row.amount, at=translated(row.at)),
        is_live=True,
    )
