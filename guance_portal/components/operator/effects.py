"""What an act moves: entries with their sum, and balances before and after."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, Child, TextLike, loose
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.table import Column, table


def entries_table(rows: rx.Var[Any], total: rx.Var[str], *, label: TextLike) -> rx.Component:
    """Accounts with debit and credit; both sides come to the same."""
    return table(
        [
            Column(text("ledger_admin.account"), account_cell, phone="main"),
            Column(text("ledger_admin.debit"), lambda row: row.debit, is_end=True),
            Column(text("ledger_admin.credit"), lambda row: row.credit, is_end=True),
        ],
        rows,
        label=label,
        total=[
            rx.el.span(
                text("ledger_admin.sum"),
                " ",
                rx.el.small(icon("check", 14), text("ledger_admin.equal"), class_name="gc-equal"),
            ),
            total,
            total,
        ],
    )


def changes_list(rows: rx.Var[Any]) -> rx.Component:
    """Balances with an arrow between before and after."""
    return when(loose(rows).length() > 0, rx.el.dl(rx.foreach(rows, _change), class_name="gc-facts gc-changes"))


def account_cell(row: Any) -> rx.Component:
    """An account in the colour of its kind."""
    return purse(row.tone, translated(row.account))


def purse(tone: Any, *words: Child) -> rx.Component:
    """A small square in a purse's colour, and its name."""
    return rx.el.span(rx.el.i(class_name="gc-purse " + tone, aria_hidden=True), *words, class_name="gc-purse-name")


def verbatim(written: Any) -> rx.Component:
    """What people typed, or a dash."""
    return rx.cond(written != "", rx.el.span(written, **VERBATIM), "—")


def _change(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(translated(row.account)),
        rx.el.dd(row.before, " → ", rx.el.b(row.after)),
    )
