"""充值记录: every order, and all money that came."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal.components.badges import Tone, badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.fee_center.pager import pager
from guance_portal.components.fee_center.wallet import recharge_action
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.page_parts import panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.recharges import RechargesState as State

_TONES: dict[str, Tone] = {
    "open": "indigo",
    "paid": "green",
    "held": "amber",
    "expired": "gray",
    "cancelled": "gray",
    "reversed": "red",
}


def records_panel() -> rx.Component:
    """充值记录."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.total > 0,
                rx.fragment(
                    table(
                        (
                            Column(text("records.at"), lambda row: translated(row.at), phone="main"),
                            Column(text("records.way"), lambda row: translated(row.way)),
                            Column(text("records.number"), _number),
                            Column(text("records.did"), _did, phone="line"),
                            Column(text("records.amount"), lambda row: money(row.amount), is_end=True, phone="main"),
                            Column(text("records.state"), _state, is_end=True),
                        ),
                        State.records,
                        label=text("records.title"),
                    ),
                    pager(State, text("records.count", count=State.total)),
                ),
                empty_state(
                    text("records.none"),
                    text("records.none_lead"),
                    icon_name="receipt-text",
                    action=recharge_action(),
                ),
            ),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=text("records.title"),
        is_flush=True,
    )


def _number(row: Any) -> rx.Component:
    number = rx.el.code(row.number, class_name="gc-trade", **VERBATIM)
    return rx.el.span(
        rx.cond(row.href != "", link(number, href=row.href), rx.fragment()),
        when(row.trade != "", rx.el.code(row.trade, class_name="gc-trade", **VERBATIM)),
        class_name="gc-two",
    )


def _did(row: Any) -> rx.Component:
    """What the money did, once it has come."""
    return rx.el.span(
        when(row.debt != "", rx.el.span(text("records.paid_debt", amount=row.debt))),
        when(row.cash != "", rx.el.span(text("records.became_cash", amount=row.cash))),
        when((row.debt == "") & (row.cash == ""), rx.el.span("—", class_name="gc-muted")),
        class_name="gc-two",
    )


def _state(row: Any) -> Any:
    return _match(
        row.state,
        *((state, badge(text(f"records.{state}"), tone=tone)) for state, tone in _TONES.items()),
        rx.fragment(),
    )


def _match(value: Any, *cases: Any) -> Any:
    """`rx.match`, whose type says less than it could."""
    return cast("Any", rx).match(value, *cases)
