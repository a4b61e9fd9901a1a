"""Every month, and one month: figures, calendar, workspaces, what paid, items, bills."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM, Child, TextLike, attributes
from guance_portal.components.bills.paper import paper_and_detail, paper_files
from guance_portal.components.bills.pieces import (
    bill_table,
    item_table,
    paid_bar,
    paid_list,
    purse_name,
    state_badge,
)
from guance_portal.components.brand import provider
from guance_portal.components.buttons import link_button
from guance_portal.components.downloads import bill_downloads
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.core.actor import Realm
from guance_portal.state.bills.months import BillMonthsState, BillMonthState

_M = BillMonthState


def all_downloads() -> rx.Component:
    """The files of every month."""
    return when(BillMonthsState.months.length() > 0, bill_downloads(Realm.FEE_CENTER))


def months_panel() -> rx.Component:
    """月账单: what each method pays, and from what."""
    found = table(
        (
            Column(text("bills.month"), _month, phone="main"),
            Column(text("bills.state"), _state),
            Column(text("bills.by"), lambda row: rx.el.span(rx.foreach(row.shares, _share), class_name="gc-moves")),
            Column(text("bills.how_paid"), _paid),
            Column(
                text("bills.all"), lambda row: rx.el.b(row.amount, class_name="gc-money"), is_end=True, phone="main"
            ),
            Column(text("bills.detail"), paper_and_detail, is_end=True),
        ),
        BillMonthsState.months,
        label=text("bills.months"),
        total=(rx.el.b(text("bills.all")), "", "", "", rx.el.b(BillMonthsState.total), ""),
    )
    return panel(
        rx.cond(
            BillMonthsState.is_loaded,
            rx.cond(
                BillMonthsState.months.length() > 0,
                found,
                empty_state(text("bills.none"), text("bills.none_lead"), icon_name="receipt-text"),
            ),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=text("bills.months"),
        is_flush=True,
    )


def month_panels() -> rx.Component:
    """One month."""
    return rx.cond(
        _M.phase == "found",
        stack(
            _figures(),
            rx.el.div(
                _calendar(),
                stack(_workspaces(), _how_paid()),
                class_name="gc-beside",
            ),
            panel(
                item_table(_M.items, exact=_M.exact, total=_M.total, rest=translated(_M.rest)),
                title=text("bills.by_item"),
                lead=text("bills.by_item_lead"),
                is_flush=True,
            ),
            bill_downloads(Realm.FEE_CENTER, paper_files(), month=_M.month),
            panel(
                bill_table(_M.bills, has_workspace=True),
                title=rx.cond(_M.chosen != "", text("bills.daily_bills_of", day=_M.chosen), text("bills.daily_bills")),
                actions=when(
                    _M.chosen != "",
                    link(text("bills.every_day"), href=f"{routes.FEE_BILL_MONTH}?month={_M.month}"),
                ),
                is_flush=True,
                id="bills-of-the-day",
            ),
        ),
        rx.cond(
            _M.phase == "missing",
            panel(
                empty_state(
                    text("bills.missing_month"),
                    text("bills.none_lead"),
                    icon_name="receipt-text",
                    action=link_button(text("bills.title"), href=routes.FEE_BILLS, kind="secondary"),
                )
            ),
            loading(skeleton(height="96px"), skeleton(height="360px")),
        ),
    )


def month_badge() -> rx.Component:
    """暂估 or 最终."""
    return when(_M.phase == "found", state_badge(_M.state, ~_M.is_final))


def _figures() -> rx.Component:
    return rx.el.div(
        _figure(text("bills.amount"), _M.sum, translated(_M.change), is_key=True),
        _figure(text("bills.average"), _M.average, translated(_M.average_note)),
        _figure(text("bills.highest"), _M.highest, _M.highest_day),
        class_name="gc-panel gc-strip",
    )


def _figure(name: TextLike, value: Any, note: Child, *, is_key: bool = False) -> rx.Component:
    look = "gc-money gc-figure key" if is_key else "gc-money gc-figure"
    return rx.el.div(
        rx.el.span(name, class_name="gc-muted"),
        rx.el.span(rx.el.i(_M.symbol), value, class_name=look),
        rx.el.small(note, class_name="gc-muted"),
    )


def _calendar() -> rx.Component:
    heads = [rx.el.span(text(f"bills.weekday_{number}")) for number in range(1, 8)]
    return panel(
        rx.el.div(*heads, class_name="gc-calendar heads", custom_attrs=attributes(aria_hidden=True)),
        rx.el.ol(rx.foreach(_M.days, _cell), class_name="gc-calendar"),
        title=text("bills.by_day"),
        lead=text("bills.by_day_lead"),
    )


def _cell(cell: Any) -> rx.Component:
    day = link(
        rx.el.small(cell.day),
        rx.el.span(cell.amount),
        href=cell.href,
        aria_label=translated(cell.label),
        class_name=f"gc-day {cell.shade}",
        custom_attrs=attributes(aria_current=rx.cond(cell.is_chosen, "true", "false")),
    )
    return rx.el.li(
        rx.cond(
            cell.href != "",
            day,
            when(cell.day != "", rx.el.span(rx.el.small(cell.day), class_name="gc-day none")),
        )
    )


def _why(row: Any) -> rx.Component:
    return when(
        row.why != "",
        rx.el.small(
            link(text("bill_change.why"), rx.el.span(" ", row.name, class_name="gc-hidden", **VERBATIM), href=row.why)
        ),
    )


def _workspaces() -> rx.Component:
    return panel(
        table(
            (
                Column(
                    text("bills.workspace"),
                    lambda row: rx.el.span(
                        rx.el.span(row.name, **VERBATIM),
                        rx.el.small(translated(row.detail)),
                        _why(row),
                        class_name="gc-two",
                    ),
                    phone="main",
                ),
                Column(
                    text("bills.amount"),
                    lambda row: rx.el.b(row.amount, class_name="gc-money"),
                    is_end=True,
                    phone="main",
                ),
                Column(text("bills.share"), lambda row: row.share, is_end=True),
            ),
            _M.workspaces,
            label=text("bills.by_workspace"),
        ),
        title=text("bills.by_workspace"),
        is_flush=True,
    )


def _how_paid() -> rx.Component:
    return panel(
        rx.el.ul(rx.foreach(_M.paid, _paid_line), class_name="gc-deduction"),
        title=text("bills.how_paid"),
    )


def _paid_line(one: Any) -> rx.Component:
    return rx.el.li(purse_name(one.look, translated(one.name)), rx.el.span(one.amount, class_name="gc-money"))


def _month(row: Any) -> rx.Component:
    return rx.el.span(row.month, rx.el.small(row.span), class_name="gc-two")


def _state(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(state_badge(row.state, ~row.is_final)), rx.el.small(translated(row.final)), class_name="gc-two"
    )


def _share(share: Any) -> rx.Component:
    return rx.el.span(
        provider(share.mark),
        rx.el.span(translated(share.name), " ", rx.el.small(share.cloud)),
        rx.el.span(share.amount, class_name="gc-money"),
        class_name="gc-share",
    )


def _paid(row: Any) -> rx.Component:
    return rx.el.span(paid_bar(row.paid), paid_list(row.paid), class_name="gc-paid")
