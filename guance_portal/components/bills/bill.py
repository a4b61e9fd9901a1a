"""One bill: figures, a formula for each line, what paid it, and computing it again."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, attributes, is_set
from guance_portal.components.billing.items import swatch
from guance_portal.components.bills.pieces import purse_name, state_badge
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button, link_button
from guance_portal.components.downloads import bill_downloads
from guance_portal.components.feedback import empty_state, loading, note, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, page_header, panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.core.actor import Realm
from guance_portal.state.bills.bill import BillPageState as State

_S: Any = State.shown


def bill_header(key: str) -> rx.Component:
    """Title, state, workspace, and the bills beside it."""
    return page_header(
        rx.cond(State.phase == "found", translated(_S.title), text("bills.title")),
        badge=when(State.phase == "found", state_badge(_S.state, _S.is_waiting)),
        lead=rx.el.span(
            rx.el.b(_S.workspace, **VERBATIM),
            " ",
            translated(_S.site),
            " ",
            rx.el.code(_S.code, class_name="gc-trade"),
        ),
        back=(text(key), _S.month),
        actions=rx.fragment(
            when(_S.why != "", link_button(text("bill_change.why"), href=_S.why, kind="secondary")),
            when(_S.before != "", link_button(text("bills.day_before"), href=_S.before, kind="secondary")),
            when(_S.after != "", link_button(text("bills.day_after"), href=_S.after, kind="secondary")),
        ),
    )


def bill_panels(home: str, realm: Realm) -> rx.Component:
    """The bill, or that there is none."""
    return rx.cond(
        State.phase == "found",
        stack(_head(), _lines(), _paid(), _again(), bill_downloads(realm, code=_S.code)),
        rx.cond(
            State.phase == "missing",
            panel(
                empty_state(
                    text("bills.missing"),
                    text("bills.missing_lead"),
                    icon_name="receipt-text",
                    action=link_button(text("bills.back"), href=home, kind="secondary"),
                )
            ),
            loading(skeleton(height="180px"), skeleton(height="360px")),
        ),
    )


def _head() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.span(text("bills.amount"), class_name="gc-muted"),
            rx.el.span(rx.el.i(_S.symbol), _S.figure, class_name="gc-money gc-figure key"),
            rx.el.small(translated(_S.change), class_name="gc-muted"),
        ),
        facts(
            (
                text("bills.payer"),
                rx.el.span(
                    provider(_S.mark),
                    translated(_S.method),
                    " ",
                    rx.el.span(_S.payer, **VERBATIM),
                    class_name="gc-share",
                ),
            ),
            (text("bills.billing_day"), translated(_S.span)),
            (text("bills.made_at"), translated(_S.made_at)),
            (text("bills.rounding_name"), translated(_S.rounding)),
            (
                text("bills.transaction"),
                rx.cond(_S.transaction != "", rx.el.code(_S.transaction), text("bills.no_transaction")),
            ),
        ),
        class_name="gc-panel gc-bill-head",
        aria_label=text("bills.amount"),
    )


def _lines() -> rx.Component:
    lines = table(
        (
            Column(text("bills.item"), _name, phone="main"),
            Column(text("bills.usage"), _usage, is_end=True),
            Column(text("bills.unit_name"), lambda row: _step("÷", row.unit), is_end=True),
            Column(text("bills.quotient"), lambda row: _step("=", row.quotient), is_end=True),
            Column(text("bills.price"), lambda row: _step("×", row.price), is_end=True),
            Column(text("bills.exact"), lambda row: _step("=", row.exact), is_end=True),
            Column(
                text("bills.cost"), lambda row: rx.el.b(row.amount, class_name="gc-money"), is_end=True, phone="main"
            ),
            Column(text("bills.list"), lambda row: link(row.version, href=row.version_href), is_end=True, phone="line"),
        ),
        State.lines,
        label=text("bills.formula"),
        total=(
            rx.el.b(text("bills.amount")),
            "",
            "",
            "",
            "",
            rx.el.span(_S.exact, class_name="gc-muted"),
            rx.el.b(_S.total),
            "",
        ),
    )
    return panel(
        rx.cond(State.lines.length() > 0, lines, rx.el.p(text("bills.no_lines"), class_name="gc-table-foot")),
        title=text("bills.formula"),
        lead=text("bills.formula_lead"),
        is_flush=True,
        class_name="gc-bill-lines",
    )


def _name(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(
            swatch(row.item),
            rx.el.span(translated(row.name)),
            when(row.late != "", badge(text("bills.late", day=row.late), tone="amber")),
            rx.el.small(translated(row.detail)),
            class_name="gc-use",
        ),
        when(is_set(row.late_note), rx.el.small(translated(row.late_note), class_name="gc-late-note")),
    )


def _usage(row: Any) -> rx.Component:
    return rx.el.span(
        row.usage,
        " ",
        rx.el.small(translated(row.measure)),
        when(is_set(row.included), rx.el.small(" ", translated(row.included))),
    )


def _step(sign: str, value: Any) -> rx.Component:
    return rx.el.span(rx.el.i(sign, class_name="gc-operator"), value)


def _paid() -> rx.Component:
    whole = rx.el.li(
        rx.el.span(text("bills.amount")),
        rx.el.span(
            rx.el.i(class_name="gc-fall-bar whole", style={"width": "100%"}),
            rx.el.i(class_name="gc-fall-bar hatched", style={"width": _S.no_vouchers_width}),
            class_name="gc-fall",
            custom_attrs=attributes(aria_hidden=True),
        ),
        rx.el.span(rx.el.b(_S.total), class_name="gc-fall-amount"),
        rx.el.span(translated(_S.no_vouchers), class_name="gc-fall-notes"),
    )
    steps = rx.el.ol(whole, rx.foreach(State.steps, _fall), class_name="gc-waterfall")
    why = rx.cond(
        _S.is_waiting,
        note(text("bills.waits"), tone="amber"),
        rx.cond(
            _S.is_negative, note(text("bills.negative")), rx.el.p(text("bills.nothing_due"), class_name="gc-muted")
        ),
    )
    return panel(
        rx.cond(State.steps.length() > 0, steps, why),
        when(
            (State.steps.length() > 0) & ~State.sees_purses,
            rx.el.p(icon("info", 14), rx.el.span(text("bills.purses_hidden")), class_name="gc-small-note"),
        ),
        title=text("bills.waterfall"),
        lead=text("bills.waterfall_lead"),
    )


def _fall(step: Any) -> rx.Component:
    bar = rx.el.span(
        rx.cond(
            step.is_nothing,
            rx.el.i(class_name="gc-fall-dot", style={"left": step.start}),
            rx.el.i(class_name=f"gc-fall-bar gc-tint {step.look}", style={"left": step.start, "width": step.width}),
        ),
        class_name="gc-fall",
        custom_attrs=attributes(aria_hidden=True),
    )
    return rx.el.li(
        rx.el.span(purse_name(step.look, translated(step.name))),
        bar,
        rx.el.span(
            rx.el.b(step.amount), rx.el.small(text("bills.rest_left", rest=step.rest)), class_name="gc-fall-amount"
        ),
        rx.el.span(rx.foreach(step.notes, _fall_note), class_name="gc-fall-notes"),
    )


def _fall_note(row: Any) -> rx.Component:
    return rx.el.span(when(row.number != "", rx.el.code(row.number)), " ", translated(row.text))


def _again() -> rx.Component:
    checks = table(
        (
            Column(text("bills.what"), lambda row: translated(row.name), phone="main"),
            Column(text("bills.archived"), lambda row: rx.el.code(row.archived, class_name="gc-trade"), is_end=True),
            Column(
                text("bills.recomputed"), lambda row: rx.el.code(row.recomputed, class_name="gc-trade"), is_end=True
            ),
            Column(text("bills.result"), _result, is_end=True, phone="main"),
        ),
        State.checks,
        label=text("bills.recompute"),
    )
    return panel(
        rx.el.div(
            rx.match(
                State.outcome,
                ("equal", note(translated(State.outcome_at), tone="green", title=text("bills.equal"), is_live=True)),
                (
                    "different",
                    note(
                        rx.el.span(translated(State.difference), " ", text("bills.different_lead")),
                        tone="red",
                        title=text("bills.different"),
                    ),
                ),
                ("unreadable", note(text("bills.different_lead"), tone="red", title=text("bills.unreadable"))),
                rx.fragment(),
            ),
            class_name="gc-outcome",
        ),
        when(State.checks.length() > 0, checks),
        rx.el.p(text("bills.offline", code=_S.code), class_name="gc-table-foot gc-trade"),
        title=text("bills.recompute"),
        lead=text("bills.recompute_lead"),
        actions=rx.fragment(
            button(text("bills.recompute"), kind="secondary", icon_name="refresh-cw", on_click=State.recompute),
            # A native link: the file is fetched by the browser itself, not within the page.
            A.create(
                icon("download"),
                text("bills.download"),
                href=_S.proof,
                custom_attrs={"download": ""},
                class_name="gc-button secondary medium",
            ),
        ),
        is_flush=True,
        class_name="gc-recompute",
    )


def _result(row: Any) -> rx.Component:
    return rx.cond(
        row.is_equal,
        rx.el.span(icon("check", 14), text("bills.same"), class_name="gc-good-line"),
        rx.el.span(icon("x", 14), text("bills.differs"), class_name="gc-bad-line"),
    )
