"""What became of a recharge order: done, over, unknown; its facts, help, and money that waits for a person."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.page_parts import facts, panel, stack, success
from guance_portal.components.words import said, t
from guance_portal.state.fee_center.recharge_order import RechargeOrderState as State

_SHOWN: Any = State.shown


def done() -> rx.Component:
    """That it was paid, and what the money did."""
    return panel(
        success(
            t("recharge_order.done", amount=_SHOWN.amount),
            t("recharge_order.done_lead", way=said(_SHOWN.way_name), at=said(_SHOWN.paid_at)),
        ),
        rx.el.div(
            facts(
                (
                    t("recharge.pays_debt"),
                    rx.cond(
                        _SHOWN.has_paid_debt,
                        rx.el.span(_SHOWN.debt),
                        rx.el.span(_SHOWN.debt, " ", rx.el.small(t("recharge.no_debt"))),
                    ),
                ),
                (t("recharge_order.became_cash"), rx.el.b(_SHOWN.cash)),
                (t("recharge_order.number"), rx.el.span(_SHOWN.number, class_name="gc-mono", **VERBATIM)),
                (t("recharge_order.trade"), rx.el.span(_SHOWN.trade, class_name="gc-mono", **VERBATIM)),
                (t("recharge_order.transaction"), rx.el.span("#", _SHOWN.transaction, class_name="gc-mono")),
            ),
            class_name="gc-receipt gc-done-facts",
        ),
        rx.el.div(
            link_button(t("recharge_order.to_records"), href=routes.RECHARGES, kind="secondary"),
            link_button(t("recharge_order.to_overview"), href=routes.FEE_CENTER),
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
                action=link_button(t("recharge_order.anew"), href=routes.RECHARGE),
            ),
        ),
        stack(order_panel(), help_panel()),
        class_name="gc-beside",
    )


def missing() -> rx.Component:
    """That there is no such order."""
    return panel(
        empty_state(
            t("recharge_order.missing"),
            t("recharge_order.missing_lead"),
            icon_name="receipt-text",
            action=link_button(t("recharge.title"), href=routes.RECHARGE),
        )
    )


def asides() -> rx.Component:
    """Money that came for this order and was not simply credited."""
    return rx.el.div(rx.foreach(State.asides, _aside), class_name="gc-stack")


def order_panel() -> rx.Component:
    """What was ordered."""
    return panel(facts(*_order_facts()), title=t("recharge_order.order"))


def help_panel() -> rx.Component:
    """What to do when something goes wrong."""
    topics = ("not_updated", "twice", "over")
    return panel(
        *(
            rx.el.details(
                rx.el.summary(t(f"recharge_order.help_{topic}")),
                rx.el.p(t(f"recharge_order.help_{topic}_lead")),
                class_name="gc-help-topic",
            )
            for topic in topics
        ),
        title=t("recharge_order.help"),
    )


def _order_facts() -> list[tuple[Any, Any]]:
    return [
        (t("recharge_order.number"), rx.el.span(_SHOWN.number, class_name="gc-mono", **VERBATIM)),
        (t("recharge_order.amount"), rx.el.b(_SHOWN.amount)),
        (t("recharge_order.way"), said(_SHOWN.way_name)),
        (t("recharge_order.created"), said(_SHOWN.created_at)),
        (t("recharge_order.expires"), said(_SHOWN.expires_at)),
    ]


def _aside(row: Any) -> rx.Component:
    return note(
        rx.cond(
            row.is_done,
            t("recharge_order.aside_done", why=said(row.why)),
            t("recharge_order.aside_waits", why=said(row.why)),
        ),
        tone="amber",
        title=t("recharge_order.aside", amount=row.amount, at=said(row.at)),
        is_live=True,
    )
