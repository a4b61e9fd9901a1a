"""为什么变了: the equation, the items with their bars, and what paid."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, attributes, is_set
from guance_portal.components.billing.items import swatch
from guance_portal.components.bills.pieces import purse_name
from guance_portal.components.buttons import copy_button, link_button
from guance_portal.components.downloads import download, file_link
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import columns, page_header, panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.state.bills.change import BillChangeState as State

_S: Any = State.shown


def change_header(key: str) -> rx.Component:
    """Title, workspace, and the two periods to choose."""
    return page_header(
        text("bill_change.title"),
        lead=rx.el.span(
            rx.el.b(_S.workspace, **VERBATIM), " ", translated(_S.site), " ", text("bill_change.lead"), class_name="ib"
        ),
        back=(text(key), _S.back),
        actions=when(
            State.phase == "found",
            rx.el.div(
                _period(_S.before, State.choose_before, "bill_change.before"),
                rx.el.span("→", custom_attrs=attributes(aria_hidden=True)),
                _period(_S.after, State.choose_after, "bill_change.after"),
                when(
                    _S.other != "",
                    link_button(
                        rx.cond(State.is_month, text("bill_change.by_day"), text("bill_change.by_month")),
                        href=_S.other,
                        kind="secondary",
                    ),
                ),
                class_name="gc-periods",
            ),
        ),
    )


def change_panels(home: str) -> rx.Component:
    """The comparison, or that there is none."""
    return rx.cond(
        State.phase == "found",
        stack(_equation(), _items(), columns(_purses(), _words()), _files()),
        rx.cond(
            State.phase == "missing",
            panel(
                empty_state(
                    text("bill_change.missing"),
                    text("bill_change.missing_lead"),
                    icon_name="receipt-text",
                    action=link_button(text("bills.back"), href=home, kind="secondary"),
                )
            ),
            loading(skeleton(height="96px"), skeleton(height="360px")),
        ),
    )


def _period(value: Any, choose: Any, label: str) -> rx.Component:
    return rx.el.span(
        rx.el.select(
            rx.foreach(State.choices, _choice),
            value=value,
            on_change=choose,
            custom_attrs=attributes(aria_label=text(label)),
        ),
        icon("chevron-down", class_name="gc-chevron"),
        class_name="gc-select small",
    )


def _choice(name: Any) -> rx.Component:
    return rx.el.option(name, value=name)


def _equation() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.small(translated(_S.before_day)), rx.el.b(_S.before_amount, class_name="gc-figure")),
        rx.foreach(State.causes, _cause),
        rx.el.div(
            rx.el.i("=", class_name="gc-operator"),
            rx.el.small(translated(_S.after_day)),
            rx.el.b(_S.after_amount, class_name="gc-figure"),
        ),
        class_name="gc-panel gc-why",
        aria_label=text("bill_change.equation"),
    )


def _cause(part: Any) -> rx.Component:
    return rx.el.div(
        rx.el.i("+", class_name="gc-operator"),
        rx.el.small(translated(part.name)),
        rx.el.b(part.amount, class_name=f"gc-change {part.tone}"),
    )


def _items() -> rx.Component:
    return panel(
        table(
            (
                Column(text("bills.item"), _name, phone="main"),
                Column(
                    text("bill_change.quotient_of", period=_S.before),
                    lambda row: translated(row.before_quotient),
                    is_end=True,
                    phone="line",
                ),
                Column(
                    text("bill_change.quotient_of", period=_S.after),
                    lambda row: translated(row.after_quotient),
                    is_end=True,
                    phone="line",
                ),
                Column(
                    text("bill_change.cost_of", period=_S.before), lambda row: row.before, is_end=True, phone="line"
                ),
                Column(text("bill_change.cost_of", period=_S.after), lambda row: row.after, is_end=True, phone="line"),
                Column(text("bill_change.bar"), _bar, phone="hidden"),
                Column(text("bill_change.difference"), _difference, is_end=True, phone="main"),
            ),
            State.changed,
            label=text("bill_change.by_item"),
            total=(
                rx.el.b(text("bills.all")),
                "",
                "",
                rx.el.b(_S.before_amount),
                rx.el.b(_S.after_amount),
                "",
                rx.el.b(_S.difference),
            ),
        ),
        title=text("bill_change.by_item"),
        lead=translated(_S.basis),
        is_flush=True,
    )


def _name(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(swatch(row.item), rx.el.span(translated(row.name)), class_name="gc-use"),
        when(is_set(row.why), rx.el.small(translated(row.why), class_name="gc-late-note")),
    )


def _bar(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.i(class_name=f"gc-change-bar {row.tone}", style={"left": row.start, "width": row.width}),
        class_name="gc-change-axis",
        custom_attrs=attributes(aria_hidden=True),
    )


def _difference(row: Any) -> rx.Component:
    return rx.el.b(row.difference, class_name=f"gc-change {row.tone}")


def _purses() -> rx.Component:
    return panel(
        table(
            (
                Column(text("bill_change.purse"), lambda row: purse_name(row.look, translated(row.name)), phone="main"),
                Column(_S.before, lambda row: row.before, is_end=True, phone="line"),
                Column(_S.after, lambda row: row.after, is_end=True, phone="line"),
                Column(text("bill_change.difference"), lambda row: rx.el.b(row.difference), is_end=True, phone="main"),
            ),
            State.purses,
            label=text("bill_change.by_purse"),
            total=(
                rx.el.b(text("bills.all")),
                rx.el.b(_S.before_amount),
                rx.el.b(_S.after_amount),
                rx.el.b(_S.difference),
            ),
        ),
        title=text("bill_change.by_purse"),
        is_flush=True,
    )


def _words() -> rx.Component:
    return panel(
        rx.el.ul(
            rx.foreach(State.notes, _note),
            class_name="gc-change-notes",
        ),
        title=text("bill_change.words"),
        actions=copy_button(_S.address, label=text("bill_change.copy")),
    )


def _files() -> rx.Component:
    return panel(
        rx.el.ul(
            download(
                text("bill_change.file"),
                text("bill_change.file_lead"),
                *(
                    file_link(text(f"bill_files.{kind}"), address, label=text("bill_change.file"))
                    for kind, address in (("csv", _S.csv), ("csv-plain", _S.csv_plain), ("xlsx", _S.xlsx))
                ),
            ),
            class_name="gc-downloads",
        ),
        title=text("bill_files.title"),
        lead=text("bill_files.lead"),
        is_flush=True,
    )


def _note(note: Any) -> rx.Component:
    return rx.el.li(icon("info", 14), rx.el.span(translated(note)))
