"""The bills of a workspace on 付费计划与账单: the month to date, its items, the list of bills."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.bills.pieces import bill_table, item_table, state_badge
from guance_portal.components.feedback import empty_state
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.state.bills.months import WorkspaceBillsState as State


def workspace_bills() -> rx.Component:
    """Nothing until they are read; then the panels, or that there are none yet."""
    return when(
        State.is_loaded,
        rx.cond(
            State.bills.length() > 0,
            stack(_sums(), _items(), _list()),
            panel(
                empty_state(text("bills.none"), text("bills.none_lead"), icon_name="receipt-text"),
                title=text("bills.recent"),
            ),
        ),
    )


def _sums() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(text("bills.to_date"), " ", state_badge(State.state, ~State.is_final), class_name="gc-muted"),
            rx.el.span(State.sum, class_name="gc-money gc-figure key"),
            rx.el.small(State.month, class_name="gc-muted"),
        ),
        rx.el.div(
            rx.el.span(text("bills.latest"), class_name="gc-muted"),
            rx.el.span(State.yesterday, class_name="gc-money gc-figure"),
        ),
        class_name="gc-panel gc-strip",
    )


def _items() -> rx.Component:
    return panel(
        item_table(State.items, exact=State.exact, total=State.sum, rest=""),
        title=text("bills.costs"),
        lead=text("bills.by_item_lead"),
        is_flush=True,
    )


def _list() -> rx.Component:
    return panel(
        bill_table(State.bills, has_workspace=False),
        rx.el.div(
            rx.el.span(State.month),
            rx.el.span(
                when(State.newer != "", link(text("bills.newer"), href=State.newer)),
                " ",
                when(State.older != "", link(text("bills.older"), href=State.older)),
                class_name="gc-row",
            ),
            class_name="gc-table-foot gc-spread",
        ),
        title=text("bills.recent"),
        lead=rx.el.span(text("bills.recent_lead", month=State.month)),
        is_flush=True,
    )
