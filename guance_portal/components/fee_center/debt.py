"""欠费 on 账户概览: the countdown, what made up the debt, what paying takes, and the rehearsal."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button
from guance_portal.components.debt import debt_banner, steps_panel
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.debt import FeeDebtState as State

_DEBT: Any = State.debt
_REHEARSAL: Any = State.rehearsal


def fee_debt_banner() -> rx.Component:
    """The countdown, with the way to the recharge of all that is owed."""
    words = rx.cond(_DEBT.is_locked, text("debt.unlock"), text("debt.recharge"))
    return debt_banner(_DEBT, link_button(words, href=routes.RECHARGE))


def debt_panels() -> rx.Component:
    """欠费明细 with 倒计时如何计算 and 结清需要; nothing while nothing is owed."""
    return when(_DEBT.is_owed, rx.el.div(_moves(), stack(steps_panel(_DEBT), _costs()), class_name="gc-billing"))


def rehearsal_panel() -> rx.Component:
    """预演, while nothing is owed."""
    body = rx.fragment(
        when(_REHEARSAL.lead.zh != "", rx.el.p(translated(_REHEARSAL.lead), class_name="gc-muted")),
        when(_REHEARSAL.says.zh != "", rx.el.p(translated(_REHEARSAL.says))),
        when(
            _REHEARSAL.steps.length() > 0,
            rx.el.ol(rx.foreach(_REHEARSAL.steps, _step), class_name="gc-debt-steps dated"),
        ),
        rx.el.p(icon("info", 14), rx.el.span(text("debt.rehearsal_note")), class_name="gc-small-note"),
    )
    return when(_REHEARSAL.is_known & ~_DEBT.is_owed, panel(body, title=text("debt.rehearsal")))


def _moves() -> rx.Component:
    return panel(
        table(
            [
                Column(text("statement.at"), lambda row: translated(row.at), phone="main"),
                Column(text("statement.act"), _act),
                Column(text("debt.moved"), lambda row: rx.el.span(row.moved, class_name="gc-money"), is_end=True),
                Column(text("debt.owed"), lambda row: rx.el.b(row.owed, class_name="gc-money"), is_end=True),
            ],
            State.moves,
            label=text("debt.moves"),
        ),
        title=text("debt.moves"),
        lead=translated(_DEBT.since),
        actions=link(text("statement.title"), href=routes.WALLET, class_name="gc-arrow-link"),
        is_flush=True,
    )


def _act(row: Any) -> rx.Component:
    return rx.el.span(
        translated(row.act), rx.el.small(row.reference, class_name="gc-trade", **VERBATIM), class_name="gc-stacked"
    )


def _costs() -> rx.Component:
    return panel(
        rx.el.dl(
            rx.foreach(_REHEARSAL.costs, _cost),
            class_name="gc-facts",
        ),
        rx.el.p(icon("info", 14), rx.el.span(text("debt.costs_note")), class_name="gc-small-note"),
        rx.el.ul(
            rx.el.li(icon("zap"), rx.el.span(text("debt.know_online"))),
            rx.el.li(icon("landmark"), rx.el.span(text("debt.know_bank"))),
            rx.el.li(icon("arrow-left-right"), rx.el.span(text("debt.know_part"))),
            class_name="gc-know",
        ),
        title=text("debt.costs"),
    )


def _cost(row: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(translated(row.name)), rx.el.dd(row.amount, class_name="gc-money"))


def _step(step: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(step.on, class_name="gc-num"), rx.el.b(translated(step.name)), rx.el.small(translated(step.note))
    )
