"""账本: the rules, the books that are stopped, and transactions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button, submit
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field, plain_form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.effects import entries_table
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.operator.ledger import LedgerSearch, RepairForm
from guance_portal.state.operator.ledger import OperatorLedgerState as Ledger


def rules_panel() -> rx.Component:
    """Every rule in words, and whether it held in the last pass."""
    return rx.cond(
        Ledger.rules.length() > 0,
        rx.el.ul(
            rx.foreach(Ledger.rules, _rule), class_name="gc-panel gc-rules", aria_label=text("ledger_admin.rules")
        ),
        panel(empty_state(text("ledger_admin.never"), text("ledger_admin.never_lead"), icon_name="scale")),
    )


def stopped_panel() -> rx.Component:
    """The books that are stopped, and what can be done about them."""
    return when(
        Ledger.stopped.length() > 0,
        panel(
            table(
                [
                    Column(text("money_admin.account"), _owner, phone="main"),
                    Column(text("ledger_admin.rule"), lambda row: translated(row.rule)),
                    Column(text("ledger_admin.since"), lambda row: translated(row.since), phone="line"),
                    Column(text("money_admin.action"), _repairs, is_end=True),
                ],
                Ledger.stopped,
                label=text("ledger_admin.stopped"),
            ),
            title=text("ledger_admin.stopped"),
            lead=text("ledger_admin.stopped_lead"),
            is_flush=True,
            class_name="gc-broken",
        ),
    )


def search_panel() -> rx.Component:
    """By number, bill, or number of a provider."""
    return panel(
        plain_form(
            *form_fields(
                LedgerSearch,
                Ledger,
                has_marks=False,
                q={
                    "draft": Ledger.asked,
                    "serial": Ledger.serial,
                    "action": submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
                },
            ),
            on_submit=Ledger.find,
            class_name="gc-operator-search",
        ),
    )


def found_panels() -> rx.Component:
    """One transaction as its entries with where it comes from, or the list."""
    return rx.cond(Ledger.one, _transaction(), _list())


def repair_dialog() -> rx.Component:
    """Ask for balances made from entries, or for the end of a stop."""
    is_rebuild = Ledger.dialog == "rebuild"
    title = rx.cond(is_rebuild, text("ledger_admin.rebuild"), text("ledger_admin.lift"))
    return form_dialog(
        hidden_field("payer", Ledger.payer),
        hidden_field("act", rx.cond(is_rebuild, "rebuild", "lift")),
        hidden_field("key", Ledger.key),
        *form_fields(RepairForm, Ledger),
        state=Ledger,
        form_of=RepairForm,
        id="repair-books",
        title=title,
        above=(
            note(
                rx.cond(is_rebuild, text("ledger_admin.rebuild_means"), text("ledger_admin.lift_means")),
                icon_name="users",
            ),
        ),
        confirm=text("money_admin.ask_plain"),
        on_submit=Ledger.repair,
        is_open=Ledger.dialog != "",
        on_close=Ledger.close_dialog,
    )


def _rule(row: Any) -> rx.Component:
    is_broken = row.breaches.zh != ""
    return rx.el.li(
        rx.cond(
            is_broken,
            rx.el.span(icon("x", 14), class_name="gc-rule-mark broken"),
            rx.el.span(icon("check", 14), class_name="gc-rule-mark"),
        ),
        rx.el.span(
            rx.el.b(translated(row.text)),
            rx.cond(
                is_broken,
                rx.el.small(
                    rx.cond(
                        row.first_href != "", link(translated(row.first), href=row.first_href), translated(row.first)
                    ),
                    **VERBATIM,
                ),
                rx.fragment(),
            ),
            class_name="gc-stacked",
        ),
        rx.el.span(
            rx.cond(is_broken, translated(row.breaches), text("ledger_admin.holds")), class_name="gc-rule-state"
        ),
        class_name=rx.cond(is_broken, "broken", ""),
    )


def _owner(row: Any) -> rx.Component:
    return rx.cond(
        row.account_href != "", link(row.account, href=row.account_href, **VERBATIM), text("ledger_admin.house")
    )


def _repairs(row: Any) -> rx.Component:
    return rx.el.span(
        button(text("ledger_admin.rebuild"), kind="link", on_click=Ledger.ask_rebuild(row.payer)),
        button(text("ledger_admin.lift"), kind="link", on_click=Ledger.ask_lift(row.payer)),
        class_name="gc-row",
    )


def _transaction() -> rx.Component:
    one: Any = Ledger.one
    return rx.el.div(
        panel(
            entries_table(Ledger.entries, one.total, label=text("ledger_admin.entries")),
            title=rx.el.span(one.number, class_name="gc-mono"),
            lead=rx.fragment(translated(one.kind), " · ", translated(one.at)),
            is_flush=True,
        ),
        panel(
            facts(
                (text("ledger_admin.reference"), rx.el.span(one.reference, class_name="gc-whole-id", **VERBATIM)),
                (
                    text("money_admin.account"),
                    rx.cond(one.account != "", rx.el.span(one.account, **VERBATIM), text("ledger_admin.house")),
                ),
                (text("ledger_admin.before"), rx.cond(one.before != "", link(one.before, href=one.before_href), "—")),
                (text("ledger_admin.hash"), rx.el.span(one.hash, class_name="gc-whole-id", **VERBATIM)),
            ),
            rx.el.p(text("ledger_admin.sides"), class_name="gc-help"),
            title=text("ledger_admin.origin"),
        ),
        class_name="gc-split",
    )


def _list() -> rx.Component:
    return panel(
        rx.cond(
            Ledger.rows.length() > 0,
            table(
                [
                    Column(text("ledger_admin.number"), _number, phone="main"),
                    Column(text("money_admin.account"), _account_of, phone="line"),
                    Column(text("ledger_admin.kind"), lambda row: translated(row.kind)),
                    Column(text("ledger_admin.reference"), _reference, phone="line"),
                    Column(text("ledger_admin.at"), lambda row: translated(row.at), phone="line"),
                    Column(text("money_admin.amount"), lambda row: row.total, is_end=True),
                ],
                Ledger.rows,
                label=text("ledger_admin.transactions"),
            ),
            empty_state(
                text("ledger_admin.none"),
                text("ledger_admin.search_help"),
                icon_name="search-x",
                action=link_button(text("operator.show_all"), href=routes.OPERATOR_LEDGER, kind="secondary"),
            ),
        ),
        title=text("ledger_admin.transactions"),
        is_flush=True,
    )


def _number(row: Any) -> rx.Component:
    return link(row.number, href=row.href, class_name="gc-mono")


def _account_of(row: Any) -> rx.Component:
    return rx.cond(row.account != "", rx.el.span(row.account, **VERBATIM), text("ledger_admin.house"))


def _reference(row: Any) -> rx.Component:
    return rx.el.span(row.reference, class_name="gc-whole-id", **VERBATIM)
