"""What several pages of bills show: what paid, lists of bills, sums by item."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, Child, attributes
from guance_portal.components.billing.items import swatch
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.table import Column, table


def purse_name(look: Any, name: Child) -> rx.Component:
    """A kind of purse with its colour."""
    sign = rx.el.i(class_name=f"gc-purse {look}", custom_attrs=attributes(aria_hidden=True))
    return rx.el.span(sign, name, class_name="gc-purse-name")


def paid_bar(paid: Any) -> rx.Component:
    """The parts of what paid beside each other; the amounts stand in words elsewhere."""
    return rx.el.span(
        rx.foreach(paid, _part),
        class_name="gc-paid-bar",
        custom_attrs=attributes(aria_hidden=True),
    )


def paid_list(paid: Any) -> rx.Component:
    """What paid, by kind."""
    return rx.el.span(
        rx.foreach(paid, _paid),
        class_name="gc-paid-list",
    )


def _part(one: Any) -> rx.Component:
    return rx.el.i(class_name=f"gc-tint {one.look}", style={"width": one.width})


def _paid(one: Any) -> rx.Component:
    return rx.el.span(purse_name(one.look, translated(one.name)), rx.el.span(one.amount, class_name="gc-money"))


def state_badge(words: Any, is_open: Any) -> rx.Component:
    """Gray while it is an estimate or waits, else jade."""
    return rx.cond(is_open, badge(translated(words), tone="gray"), badge(translated(words), tone="green"))


def bill_table(rows: Any, *, has_workspace: bool) -> rx.Component:
    """Bills, each with what paid it and the way to it."""
    workspace = (
        [Column(text("bills.workspace"), lambda row: rx.el.span(row.workspace, **VERBATIM))] if has_workspace else []
    )
    return table(
        (
            Column(text("bills.day"), lambda row: row.day, phone="main"),
            *workspace,
            Column(text("bills.number"), _number, phone="line"),
            Column(text("bills.how_paid"), lambda row: paid_list(row.paid), phone="line"),
            Column(text("bills.state"), lambda row: state_badge(row.state, row.is_waiting)),
            Column(
                text("bills.cost"), lambda row: rx.el.b(row.amount, class_name="gc-money"), is_end=True, phone="main"
            ),
            Column(text("bills.detail"), _way, is_end=True),
        ),
        rows,
        label=text("bills.daily_bills"),
    )


def item_table(rows: Any, *, exact: Any, total: Any, rest: Child) -> rx.Component:
    """The items of a month, with their sum."""
    return table(
        (
            Column(text("bills.item"), _item, phone="main"),
            Column(text("bills.kept"), lambda row: translated(row.days)),
            Column(text("bills.quotient_sum"), _quotient, is_end=True),
            Column(text("bills.price"), lambda row: row.price, is_end=True),
            Column(text("bills.exact"), lambda row: rx.el.span(row.exact, class_name="gc-muted"), is_end=True),
            Column(
                text("bills.cost"), lambda row: rx.el.b(row.amount, class_name="gc-money"), is_end=True, phone="main"
            ),
            Column(text("bills.share"), lambda row: row.share, is_end=True, phone="line"),
        ),
        rows,
        label=text("bills.by_item"),
        total=(
            rx.el.span(rx.el.b(text("bills.all")), " ", rx.el.small(rest)),
            "",
            "",
            "",
            rx.el.span(exact, class_name="gc-muted"),
            rx.el.b(total),
            "",
        ),
    )


def _number(row: Any) -> rx.Component:
    return rx.el.span(translated(row.kind), rx.el.code(row.code, class_name="gc-trade"), class_name="gc-two")


def _way(row: Any) -> rx.Component:
    return link(text("bills.look"), rx.el.span(" ", row.day, class_name="gc-hidden"), href=row.href)


def _item(row: Any) -> rx.Component:
    return rx.el.span(swatch(row.item), rx.el.span(translated(row.name)), class_name="gc-use")


def _quotient(row: Any) -> rx.Component:
    return rx.el.span(row.quotient, " ", rx.el.small(translated(row.unit)))
