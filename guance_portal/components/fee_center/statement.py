"""收支明细: sums that add up, then every transaction with what stood on each purse afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.buttons import submit
from guance_portal.components.fee_center.pager import pager
from guance_portal.components.fee_center.wallet import recharge_action
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import plain_form
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.selects import Option
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.statement import PURSES, StatementSearch
from guance_portal.state.fee_center.statement import StatementState as State
from guance_portal.wallet.statement import ACTS


def statement_panel() -> rx.Component:
    """The statement."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.fragment(_search(), rx.cond(State.total > 0, _found(), _nothing())),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=text("statement.title"),
        lead=text("statement.lead"),
        is_flush=True,
    )


def _search() -> rx.Component:
    return plain_form(
        *form_fields(
            StatementSearch,
            State,
            has_marks=False,
            act={"serial": State.serial, "options": _options("act", ACTS)},
            purse={"serial": State.serial, "options": _options("purse", PURSES)},
        ),
        submit(text("statement.find"), size="large", is_wide=False, kind="secondary"),
        on_submit=State.find,
        class_name="gc-statement-search",
    )


def _options(name: str, values: Sequence[str]) -> list[Option]:
    every = Option("", text(f"statement.any_{name}"))
    return [every, *(Option(value, text(f"statement.{name}_{value}")) for value in values)]


def _found() -> rx.Component:
    equation = rx.el.p(
        rx.el.span(text("statement.came"), " ", rx.el.b(State.came)),
        rx.el.span("−", custom_attrs=attributes(aria_hidden=True)),
        rx.el.span(text("statement.went"), " ", rx.el.b(State.went)),
        rx.el.span("=", custom_attrs=attributes(aria_hidden=True)),
        rx.el.span(text("statement.rest"), " ", rx.el.b(State.rest)),
        class_name="gc-equation",
    )
    return rx.fragment(
        equation,
        table(
            (
                Column(text("statement.at"), lambda row: translated(row.at), phone="main"),
                Column(text("statement.act"), _act),
                Column(text("statement.purse"), lambda row: _each(row, _purse)),
                Column(text("statement.amount"), lambda row: _each(row, _amount), is_end=True, phone="hidden"),
                Column(text("statement.after"), lambda row: _each(row, _rest), is_end=True, phone="hidden"),
            ),
            State.lines,
            label=text("statement.title"),
        ),
        pager(State, text("statement.count", count=State.total)),
    )


def _nothing() -> rx.Component:
    is_narrowed = (State.typed["act"] != "") | (State.typed["purse"] != "")
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
