"""The parts of the sandbox's cashier: the order, what can happen to it, and the notices that were sent."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button
from guance_portal.components.feedback import empty_state
from guance_portal.components.icons import icon
from guance_portal.components.layout import panel
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, when
from guance_portal.components.table import Column, table
from guance_portal.state.sandbox.cashier import SandboxCashierState as State

_ORDER: Any = State.order
_ACT: Any = State.act
_DEEDS = (
    ("pay", "check"),
    ("fail", "x"),
    ("pay_twice", "copy"),
    ("tell", "repeat-2"),
    ("out_of_order", "shuffle"),
    ("other_amount", "circle-slash-2"),
    ("forged", "circle-x"),
    ("other_seller", "user-x"),
    ("pay_silently", "wifi-off"),
)


def order_panel() -> rx.Component:
    """Whom, how much, by which way."""
    return panel(
        rx.el.div(
            rx.el.small(text("cashier.payee")),
            rx.el.b(text("cashier.payee_name")),
            rx.el.span(rx.el.i(_ORDER.symbol), _ORDER.figure, class_name="gc-money gc-figure key"),
            class_name="gc-payee",
        ),
        facts(
            (
                text("cashier.channel"),
                rx.cond(_ORDER.way == "wechat", text("cashier.channel_wechat"), text("cashier.channel_alipay")),
            ),
            (text("cashier.order"), rx.el.span(_ORDER.number, class_name="gc-mono", **VERBATIM)),
            (text("cashier.paid_so_far"), _ORDER.paid),
            (text("cashier.address"), rx.el.span(_ORDER.address, class_name="gc-mono", **VERBATIM)),
        ),
        rx.el.p(icon("key-round", 14), rx.el.span(text("cashier.note")), class_name="gc-small-note"),
        link(icon("arrow-left", 14), text("cashier.back"), href=_ORDER.back, class_name="gc-back"),
    )


def deeds_panel() -> rx.Component:
    """What can happen, each beside what the portal should answer."""
    return panel(
        rx.el.ul(*(_deed(name, sign) for name, sign in _DEEDS), class_name="gc-deeds"),
        title=text("cashier.choose"),
        lead=text("cashier.choose_lead"),
    )


def sent_panel() -> rx.Component:
    """The notices that were sent from this page."""
    return panel(
        rx.cond(
            State.sent.length() > 0,
            table(
                (
                    Column(text("cashier.at"), lambda row: translated(row.at), phone="main"),
                    Column(text("cashier.deed"), lambda row: translated(row.deed)),
                    Column(text("cashier.signature"), _signature),
                    Column(text("cashier.answer"), _answer, phone="line"),
                    Column(text("cashier.outcome"), lambda row: translated(row.outcome)),
                ),
                State.sent,
                label=text("cashier.sent"),
            ),
            empty_state(text("cashier.none_sent"), text("cashier.none_sent_lead"), icon_name="send"),
        ),
        title=text("cashier.sent"),
        lead=text("cashier.sent_lead"),
        is_flush=True,
    )


def missing_panel() -> rx.Component:
    """Where the address names no order."""
    return panel(
        empty_state(
            text("cashier.missing"),
            text("cashier.missing_lead"),
            icon_name="receipt-text",
            action=link_button(text("recharge.title"), href=routes.RECHARGE, kind="secondary"),
        )
    )


def _deed(name: str, sign: str) -> rx.Component:
    return rx.el.li(
        button(
            icon(sign),
            rx.el.span(text(f"cashier.{name}"), rx.el.small(text(f"cashier.{name}_about"))),
            kind="primary" if name == "pay" else "secondary",
            on_click=_ACT(name),
            busy=State.doing == name,
        ),
        rx.el.span(icon("arrow-right", 14), text(f"cashier.{name}_then")),
    )


def _signature(row: Any) -> rx.Component:
    right, wrong = badge(text("cashier.right"), tone="green"), badge(text("cashier.wrong"), tone="red")
    return rx.cond(row.is_sent, rx.cond(row.is_right, right, wrong), rx.el.span("—"))


def _answer(row: Any) -> rx.Component:
    shown = rx.el.span(row.answer, class_name="gc-mono", **VERBATIM)
    return rx.fragment(when(row.answer != "", shown), when(row.answer == "", rx.el.span("—")))
