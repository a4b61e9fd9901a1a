"""欠费: the countdown with its ways out, the lock, and what both mean."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.buttons import button, link_button
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.page_parts import panel, when
from guance_portal.state.fee_center.sso_handoff import SsoHandoffState
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.workspace_debt import WorkspaceDebtState

_HERE: Any = WorkspaceDebtState.debt


def debt_banner(debt: Any, action: rx.Component) -> rx.Component:
    """What is owed, the days until the lock, and each way out with what it costs today; nothing while nothing is owed."""
    left = rx.el.div(
        rx.el.b(debt.days_left, class_name="gc-num"),
        rx.el.small(translated(debt.left_words)),
        class_name="gc-debt-left",
    )
    return when(
        debt.is_owed,
        rx.el.section(
            rx.el.span(icon("triangle-alert", 20), class_name="gc-tile red"),
            rx.el.div(
                rx.el.h2(translated(debt.title)),
                rx.el.p(translated(debt.lead)),
                rx.el.ol(rx.foreach(debt.cells, _cell), class_name="gc-debt-days", aria_label=text("debt.countdown")),
                rx.el.ul(rx.foreach(debt.exits, _exit), class_name="gc-debt-exits", aria_label=text("debt.exits")),
                class_name="gc-debt-body",
            ),
            when(~debt.is_locked, left),
            action,
            class_name="gc-debt",
            aria_label=text("debt.countdown"),
        ),
    )


def console_debt() -> rx.Component:
    """On 付费计划与账单: the lock, or the countdown to it."""
    return rx.cond(
        WorkspaceDebtState.is_locked & WorkspaceDebtState.is_manager,
        _locked(),
        debt_banner(_HERE, _pay(text("debt.recharge"))),
    )


def lock_strip() -> rx.Component:
    """On every other page of a locked workspace: that it is so, and the one way out."""
    out = rx.cond(
        WorkspaceDebtState.is_manager,
        link_button(text("debt.unlock"), href=routes.BILLING, size="small"),
        rx.el.span(text("debt.ask_owner"), class_name="gc-muted"),
    )
    return when(
        WorkspaceDebtState.is_locked,
        rx.el.div(
            icon("lock", 16),
            rx.el.p(
                rx.el.b(text("debt.locked_title")),
                " ",
                rx.el.span(translated(WorkspaceDebtState.lock_lead), **VERBATIM),
            ),
            out,
            class_name="gc-lock-strip",
            role="status",
        ),
    )


def steps_panel(debt: Any) -> rx.Component:
    """倒计时如何计算."""
    return panel(rx.el.ol(rx.foreach(debt.steps, _step), class_name="gc-debt-steps"), title=text("debt.how"))


def _cell(cell: Any) -> rx.Component:
    label = cast("rx.Var[str]", rx.cond(cell.look == "now", text("debt.today"), cell.label))
    return rx.el.li(
        rx.el.i(
            rx.match(cell.mark, ("email", icon("mail", 12)), ("lock", icon("lock", 12)), rx.fragment()),
            custom_attrs=attributes(aria_hidden=True),
        ),
        rx.el.span(label, custom_attrs=attributes(aria_hidden=True)),
        rx.el.span(translated(cell.says), class_name="gc-hidden"),
        class_name=cell.look,
    )


def _exit(way: Any) -> rx.Component:
    return rx.el.li(rx.el.b(translated(way.name)), " ", money(way.cost), " ", rx.el.span(translated(way.does)))


def _step(step: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(step.on, class_name="gc-num"),
        rx.el.b(translated(step.name)),
        rx.el.small(translated(step.note)),
        class_name=rx.cond(step.is_done, "done", ""),
    )


def _pay(words: rx.Var[str]) -> rx.Component:
    """The owner's way to the recharge; an administrator asks the owner. The form of the handoff stands on the page."""
    state = SsoHandoffState
    return rx.cond(
        WorkspaceDebtState.is_owner,
        button(words, on_click=state.recharge, busy=state.is_busy & state.is_recharging),
        rx.el.small(text("debt.owner_pays"), class_name="gc-muted"),
    )


def _locked() -> rx.Component:
    """已锁定: since when and why, what unlocks it, and the other ways."""
    pay = rx.el.div(
        rx.el.small(text("debt.pay_to_unlock")),
        rx.el.div(rx.el.i(_HERE.symbol), _HERE.figure, class_name="gc-money gc-figure"),
        _pay(text("debt.unlock")),
        rx.el.p(text("debt.pay_lead")),
        class_name="gc-lock-pay",
    )
    change = rx.el.button(
        icon("arrow-left-right"),
        rx.el.span(rx.el.b(text("settlement.title")), rx.el.small(text("debt.change_lead"))),
        icon("chevron-right"),
        type="button",
        class_name="gc-lock-way",
        on_click=SettlementState.open_settlement,
    )
    switch = rx.el.div(
        icon("chevrons-up-down"),
        rx.el.span(
            rx.el.b(text("workspace.switch")),
            rx.el.small(rx.el.span(WorkspaceDebtState.others, **VERBATIM), " ", text("debt.not_touched")),
        ),
        class_name="gc-lock-way",
    )
    read = rx.el.div(
        icon("history"),
        rx.el.span(rx.el.b(text("debt.read")), rx.el.small(text("debt.read_lead"))),
        class_name="gc-lock-way",
    )
    return rx.el.section(
        rx.el.span(icon("lock", 28), class_name="gc-lock-mark"),
        rx.el.h2(text("debt.locked_title")),
        rx.el.p(translated(WorkspaceDebtState.lock_lead), **VERBATIM),
        pay,
        when(WorkspaceDebtState.is_owner, change),
        when(WorkspaceDebtState.others != "", switch),
        read,
        rx.el.div(
            rx.el.h3(text("debt.course")),
            rx.el.ol(rx.foreach(_HERE.steps, _step), class_name="gc-debt-steps"),
            class_name="gc-lock-course",
        ),
        class_name="gc-panel gc-lock",
        aria_label=text("debt.locked_title"),
    )
