"""What a workspace costs, on 付费计划与账单: a month to date and its forecast, its days, its items, its bills."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import attributes
from guance_portal.components.bills.pieces import bill_table, item_table, state_badge
from guance_portal.components.bills.stack import stack_chart
from guance_portal.components.downloads import bill_downloads
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.components.tabs import segments
from guance_portal.core.actor import Realm
from guance_portal.state.bills.workspace import WorkspaceBillsState as State


def workspace_costs() -> rx.Component:
    """The figures and the days of a month; or that there are no bills yet."""
    return rx.cond(
        State.is_loaded,
        rx.cond(
            State.has_bills,
            panel(_sums(), _days(), is_flush=True, class_name="gc-costs"),
            panel(
                empty_state(text("bills.none"), text("bills.none_lead"), icon_name="receipt-text"),
                title=text("bills.recent"),
            ),
        ),
        loading(skeleton(height="180px"), skeleton(height="320px")),
    )


def workspace_bills() -> rx.Component:
    """The items and the bills of the month."""
    return when(
        State.is_loaded & State.has_bills,
        rx.cond(
            State.bills.length() > 0,
            stack(_items(), bill_downloads(Realm.CONSOLE, month=State.month), _list()),
            _no_bills(),
        ),
    )


def _no_bills() -> rx.Component:
    """A month that has just begun."""
    return panel(
        empty_state(text("bills.none_of", month=State.month), text("bills.none_of_lead"), icon_name="receipt-text"),
        title=text("bills.recent"),
    )


def _sums() -> rx.Component:
    return rx.el.div(
        _figure(
            rx.el.span(text("bills.to_date"), " ", state_badge(State.state, ~State.is_final)),
            State.sum,
            rx.fragment(translated(State.through), " ", translated(State.change)),
            is_key=True,
        ),
        when(
            State.expected != "",
            _figure(text("bills.forecast"), State.expected, translated(State.bounds)),
        ),
        when(
            State.latest != "",
            _figure(
                rx.el.span(text("bills.latest"), " ", State.latest_day), State.latest, translated(State.latest_change)
            ),
        ),
        class_name="gc-strip",
    )


def _figure(name: Any, value: Any, note: Any, *, is_key: bool = False) -> rx.Component:
    return rx.el.div(
        rx.el.span(name, class_name="gc-muted"),
        rx.el.span(value, class_name="gc-money gc-figure key" if is_key else "gc-money gc-figure"),
        rx.el.small(note, class_name="gc-muted"),
    )


def _days() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2(text("bills.daily_costs")),
            rx.el.span(
                rx.el.select(
                    rx.foreach(State.months, _choice),
                    value=State.month,
                    on_change=State.choose_month,
                    custom_attrs=attributes(aria_label=text("bills.which_month")),
                ),
                icon("chevron-down", class_name="gc-chevron"),
                class_name="gc-select small",
            ),
            class_name="gc-spread",
        ),
        stack_chart(),
        when(State.expected != "", _how()),
        class_name="gc-costs-days",
    )


def _choice(month: Any) -> rx.Component:
    return rx.el.option(month, value=month)


def _how() -> rx.Component:
    """How the forecast is made, and how wrong it was."""
    trials = table(
        (
            Column(text("bills.month"), lambda row: row.month, phone="main"),
            Column(text("bills.trial_expected"), lambda row: row.expected, is_end=True),
            Column(text("bills.trial_actual"), lambda row: row.actual, is_end=True),
            Column(text("bills.trial_error"), lambda row: rx.el.b(row.error), is_end=True, phone="main"),
            Column(text("bills.trial_within"), lambda row: translated(row.within), is_end=True),
        ),
        State.trials,
        label=text("bills.trials"),
    )
    return rx.fragment(
        rx.el.p(icon("info", 14), rx.el.span(translated(State.method)), class_name="gc-small-note"),
        rx.cond(
            State.trials.length() > 0,
            rx.el.details(
                rx.el.summary(
                    rx.el.span(
                        text("bills.trials"), ": ", rx.foreach(State.trials, _error), class_name="gc-trial-errors"
                    ),
                    icon("chevron-down", 14),
                ),
                rx.el.p(text("bills.trials_lead"), class_name="gc-muted"),
                trials,
                class_name="gc-help gc-chart-table",
            ),
            rx.el.p(text("bills.no_trials"), class_name="gc-muted"),
        ),
    )


def _error(row: Any) -> rx.Component:
    return rx.el.span(row.month, " ", rx.el.b(row.error))


def _items() -> rx.Component:
    return panel(
        rx.cond(State.part == "latest", _part(State.of_latest), _part(State.of_month)),
        title=text("bills.costs"),
        lead=text("bills.by_item_lead"),
        actions=when(
            State.latest != "",
            segments(
                "part",
                text("bills.part"),
                [("month", text("bills.to_date")), ("latest", text("bills.of_latest"))],
                value=State.part,
                on_change=State.choose_part,
            ),
        ),
        is_flush=True,
    )


def _part(shown: Any) -> rx.Component:
    return item_table(shown.rows, exact=shown.exact, total=shown.total, rest=translated(shown.rest))


def _list() -> rx.Component:
    return panel(
        bill_table(State.bills, has_workspace=False),
        title=text("bills.recent"),
        lead=rx.el.span(text("bills.recent_lead", month=State.month)),
        is_flush=True,
    )
