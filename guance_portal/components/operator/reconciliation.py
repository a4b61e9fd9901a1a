"""对账: the equation of all, days of marketplaces, and records with what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, Child, classes
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button, submit
from guance_portal.components.downloads import format_links
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field, plain_form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.operator.reconciliation import BoardSearch, ShownForm
from guance_portal.state.operator.reconciliation import OperatorReconciliationState as Board

_FIELDS: dict[str, Any] = {name: {"serial": Board.serial} for name in BoardSearch.asked()}
for _name in ("market", "only"):
    # A new select takes the choice that the address names.
    _FIELDS[_name] = {"draft": None, "default_value": Board.typed[_name], "key": Board.serial}
_SIGNS = {"accepted": "−", "returned": "−", "difference": "=", "waiting": "=", "unknown": "+", "unpaid": "+"}


def equation() -> rx.Component:
    """Ours − accepted − returned = difference = waiting + unknown + unpaid."""
    parts: list[Child] = []
    for name in ("ours", *_SIGNS):
        if name in _SIGNS:
            parts.append(rx.el.i(_SIGNS[name]))
        one: Any = Board.sums[name]
        parts.append(
            rx.el.div(
                rx.el.small(text(f"reconciliation.{name}")),
                rx.el.b(one.amount, class_name=_tone(name)),
                rx.el.em(translated(one.count)),
            )
        )
    return rx.el.div(*parts, class_name="gc-panel gc-balance", role="group", aria_label=text("reconciliation.equation"))


def _tone(name: str) -> Any:
    if name == "accepted":
        return "done"
    if name == "difference":
        return rx.cond(Board.is_zero, "done", "open")
    return ""


def board_panel() -> rx.Component:
    """The days."""
    return panel(
        plain_form(
            *form_fields(BoardSearch, Board, has_marks=False, **_FIELDS),
            submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
            on_submit=Board.find,
            class_name="gc-pricing-choice",
        ),
        rx.el.p(translated(Board.about), class_name="gc-panel-note"),
        when(
            Board.rows.length() > 0,
            rx.el.div(
                *format_links(_file, label=text("reconciliation.title")),
                class_name="gc-board-files",
            ),
        ),
        rx.cond(
            Board.rows.length() > 0,
            table(
                [
                    Column(text("reconciliation.day"), lambda row: row.day, phone="main"),
                    Column(text("reconciliation.market"), _market, phone="main"),
                    *(
                        Column(text(f"reconciliation.{name}"), _sum(name), is_end=True, phone=phone)
                        for name, phone in _COLUMNS.items()
                    ),
                    Column(text("reconciliation.difference"), _difference, is_end=True),
                    Column(text("operator.state"), _done),
                ],
                Board.rows,
                label=text("reconciliation.days"),
                total=_total(),
            ),
            empty_state(text("reconciliation.none"), text("reconciliation.none_lead"), icon_name="search-x"),
        ),
        is_flush=True,
        class_name="gc-board",
    )


def _file(kind: str) -> Any:
    files: Any = Board.files
    return files[kind]


_COLUMNS: dict[str, Any] = {
    "ours": "line",
    "sent": "line",
    "accepted": "line",
    "refused": "line",
    "unknown": "line",
    "late": "line",
    "returned": "line",
}


def _total() -> list[Child]:
    total: Any = Board.total
    sums: list[Child] = [total[name].amount for name in _COLUMNS]
    return [translated(total.market), "", *sums, total.difference, ""]


def records_panel() -> rx.Component:
    """Records that are open, and those that an account paid after all."""
    return panel(
        rx.cond(
            Board.records.length() > 0,
            table(
                [
                    Column(text("reconciliation.record"), _record, phone="main"),
                    Column(text("reconciliation.account"), _account, phone="line"),
                    Column(text("money_admin.amount"), lambda row: row.amount, is_end=True),
                    Column(text("reconciliation.result"), _state),
                    Column(text("reconciliation.reason"), _reason),
                    Column(text("reconciliation.deadline"), _deadline, phone="line"),
                    Column(text("reconciliation.next"), lambda row: translated(row.following), phone="line"),
                    Column(text("money_admin.action"), _acts, is_end=True),
                ],
                Board.records,
                label=text("reconciliation.open"),
            ),
            empty_state(text("reconciliation.all_done"), text("reconciliation.all_done_lead"), icon_name="check"),
        ),
        when(Board.is_cut, rx.el.p(text("reconciliation.cut"), class_name="gc-panel-note")),
        title=text("reconciliation.open"),
        lead=text("reconciliation.open_lead"),
        is_flush=True,
    )


def entry_dialog() -> rx.Component:
    """What the marketplace shows of a record, and how somebody knows."""
    return form_dialog(
        hidden_field("code", Board.entering),
        hidden_field("attempts", Board.entering_attempts),
        *form_fields(ShownForm, Board),
        state=Board,
        form_of=ShownForm,
        id="enter-shown",
        title=text("reconciliation.enter"),
        above=(
            rx.el.p(
                rx.el.span(Board.entering, class_name="gc-mono", **VERBATIM), " · ", rx.el.b(Board.entering_amount)
            ),
            note(text("reconciliation.shown_means"), icon_name="info"),
        ),
        confirm=text("reconciliation.save"),
        on_submit=Board.enter,
        is_open=Board.entering != "",
        on_close=Board.close_entry,
    )


def _market(row: Any) -> rx.Component:
    return rx.el.span(provider(row.provider, size="small"), translated(row.market), class_name="gc-row")


def _sum(name: str) -> Callable[[Any], Child]:
    def shown(row: Any) -> Child:
        one = row[name]
        return rx.el.span(one.amount, " ", rx.el.small(translated(one.count)), class_name=classes("gc-sum", name))

    return shown


def _difference(row: Any) -> rx.Component:
    return rx.el.b(row.difference, class_name=rx.cond(row.is_done, "gc-sum done", "gc-sum open"))


def _done(row: Any) -> rx.Component:
    return rx.cond(
        row.is_done,
        rx.el.span(icon("check", 14), text("reconciliation.done"), class_name="gc-sum done"),
        badge(text("reconciliation.working"), tone="amber"),
    )


def _record(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.code, class_name="gc-mono", **VERBATIM),
        rx.el.small(translated(row.sent)),
        class_name="gc-stacked",
    )


def _account(row: Any) -> rx.Component:
    return link(row.account, href=row.account_href, **VERBATIM)


def _state(row: Any) -> rx.Component:
    refused = rx.cond(row.tone == "red", badge(translated(row.state), tone="red"), badge(translated(row.state)))
    return rx.cond(row.tone == "amber", badge(translated(row.state), tone="amber"), refused)


def _reason(row: Any) -> rx.Component:
    return rx.el.span(
        translated(row.reason), rx.el.small(row.said, class_name="gc-whole-id", **VERBATIM), class_name="gc-stacked"
    )


def _deadline(row: Any) -> rx.Component:
    return rx.el.span(
        translated(row.deadline), when(row.is_over, rx.el.small(text("reconciliation.over"))), class_name="gc-stacked"
    )


def _acts(row: Any) -> rx.Component:
    return rx.el.span(
        when(row.can_ask, button(translated(row.ask), kind="link", on_click=Board.ask(row.code))),
        when(row.can_enter, button(text("reconciliation.enter"), kind="link", on_click=Board.open_entry(row.code))),
        when(row.ledger_href != "", link(text("transfers.see"), href=row.ledger_href)),
        class_name="gc-row",
    )
