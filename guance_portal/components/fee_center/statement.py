"""收支明细: sums that add up, then every transaction with what stood on each purse afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.components.base import VERBATIM, TextLike, attributes
from guance_portal.components.buttons import submit
from guance_portal.components.fee_center.pager import pager
from guance_portal.components.fee_center.wallet import recharge_action
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import plain_form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.selects import Option
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.recent import RecentState
from guance_portal.state.fee_center.statement import StatementState as State
from guance_portal.state.fee_center.statement_search import PURSES, StatementSearch
from guance_portal.wallet.statement import ACTS


def statement_panel() -> rx.Component:
    """The statement."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.fragment(_periods(), _search(), rx.cond(State.total > 0, _found(), _nothing())),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=text("statement.title"),
        lead=text("statement.lead"),
        is_flush=True,
    )


def _periods() -> rx.Component:
    return rx.el.nav(
        rx.foreach(State.periods, _period),
        aria_label=text("statement.periods"),
        class_name="gc-quicks gc-statement-periods",
    )


def _period(row: Any) -> rx.Component:
    return link(
        translated(row.text),
        href=row.href,
        replace=True,
        class_name="gc-quick",
        custom_attrs=attributes(aria_current=rx.cond(row.is_chosen, "true", "false")),
    )


def _search() -> rx.Component:
    return rx.fragment(
        plain_form(
            *form_fields(
                StatementSearch,
                State,
                has_marks=False,
                since={"serial": State.serial},
                until={"serial": State.serial},
                act={"serial": State.serial, "options": _options("act", ACTS)},
                purse={"serial": State.serial, "options": _options("purse", PURSES)},
                text={"serial": State.serial},
            ),
            submit(text("statement.find"), size="large", is_wide=False, kind="secondary"),
            on_submit=State.find,
            class_name="gc-statement-search",
        ),
        rx.el.p(text("statement.days_help"), class_name="gc-help gc-statement-note"),
    )


def _options(name: str, values: Sequence[str]) -> list[Option]:
    every = Option("", text(f"statement.any_{name}"))
    return [every, *(Option(value, text(f"statement.{name}_{value}")) for value in values)]


def _sign(sign: str) -> rx.Component:
    return rx.el.span(sign, custom_attrs=attributes(aria_hidden=True))


def _equation() -> rx.Component:
    """What stood before, what came and went, and what stood then; without the first where more moved the balance."""
    return rx.el.p(
        when(State.leads_on, rx.el.span(text("statement.before"), " ", rx.el.b(State.before))),
        when(State.leads_on, _sign("+")),
        rx.el.span(text("statement.came"), " ", rx.el.b(State.came)),
        _sign("−"),
        rx.el.span(text("statement.went"), " ", rx.el.b(State.went)),
        _sign("="),
        rx.el.span(rx.cond(State.leads_on, text("statement.rest"), text("statement.net")), " ", rx.el.b(State.rest)),
        class_name="gc-equation",
    )


def _files() -> rx.Component:
    """The same as files. They are fetched by the browser itself, not within the page."""
    links = (("export_csv", State.files.csv), ("export_xlsx", State.files.xlsx), ("export_plain", State.files.plain))
    return rx.el.div(
        *(
            A.create(
                icon("download", 14),
                text(f"statement.{words}"),
                href=href,
                class_name="gc-button secondary small",
                custom_attrs={"download": ""},
            )
            for words, href in links
        ),
        rx.el.small(text("statement.export_note")),
        class_name="gc-statement-files",
    )


def _found() -> rx.Component:
    return rx.fragment(
        _equation(),
        rx.el.p(text("statement.entries"), class_name="gc-help gc-statement-note"),
        _files(),
        _lines(State.lines),
        pager(State, text("statement.count", count=State.total)),
    )


def recent_panel() -> rx.Component:
    """最近收支: the last transactions, and the way to all of them."""
    return panel(
        rx.cond(
            RecentState.is_loaded,
            rx.cond(
                RecentState.lines.length() > 0,
                _lines(RecentState.lines, label=text("statement.recent")),
                empty_state(text("statement.none"), text("statement.none_lead"), icon_name="receipt-text"),
            ),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=text("statement.recent"),
        actions=link(text("statement.all"), href=routes.WALLET),
        is_flush=True,
    )


def _lines(rows: Any, *, label: TextLike | None = None) -> rx.Component:
    return table(
        (
            Column(text("statement.at"), lambda row: translated(row.at), phone="main"),
            Column(text("statement.act"), _act),
            Column(text("statement.purse"), lambda row: _each(row, _purse)),
            Column(text("statement.amount"), lambda row: _each(row, _amount), is_end=True, phone="hidden"),
            Column(text("statement.after"), lambda row: _each(row, _rest), is_end=True, phone="hidden"),
        ),
        rows,
        label=label if label is not None else text("statement.title"),
    )


def _nothing() -> rx.Component:
    is_narrowed = State.typed.values().join("") != ""
    return rx.cond(
        is_narrowed,
        rx.el.p(text("statement.nothing"), class_name="gc-table-foot", role="status"),
        empty_state(
            text("statement.none"), text("statement.none_lead"), icon_name="receipt-text", action=recharge_action()
        ),
    )


def _act(row: Any) -> rx.Component:
    reference = rx.el.code(row.reference, class_name="gc-trade", **VERBATIM)
    return rx.el.span(rx.el.span(translated(row.act), " ", rx.el.small(row.number)), reference, class_name="gc-two")


def _each(row: Any, cell: Any) -> rx.Component:
    return rx.el.span(rx.foreach(row.moves, cell), class_name="gc-moves")


def _purse(move: Any) -> rx.Component:
    sign = rx.el.i(class_name=f"gc-purse {move.look}", custom_attrs=attributes(aria_hidden=True))
    name = rx.el.span(
        sign,
        translated(move.purse),
        when(move.number != "", rx.el.small(move.number, class_name="gc-mono")),
        class_name="gc-purse-name",
    )
    # On phones there is no room for the columns of the figures: they stand beside the purse.
    return rx.el.span(
        name, rx.el.span(_amount(move), rx.el.small(_rest(move)), class_name="gc-move-figures"), class_name="gc-move"
    )


def _amount(move: Any) -> rx.Component:
    return rx.el.span(move.amount, class_name=rx.cond(move.is_gain, "gc-money credit", "gc-money"))


def _rest(move: Any) -> rx.Component:
    return rx.el.span(move.rest, class_name="gc-money gc-muted")
