"""What plan a workspace is on, and who pays for it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.billing.actions import settlement_facts
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.settlement.facts import settled_by
from guance_portal.components.settlement.history import history_action
from guance_portal.components.settlement.payer_change import payer_change_action
from guance_portal.state.billing.page import BillingState


def payer_panel() -> rx.Component:
    """当前结算方式: method, account, since when, and what settlement adds."""
    return panel(
        settled_by(),
        facts((text("billing.account"), rx.el.span(BillingState.payer, **VERBATIM))),
        *settlement_facts(),
        title=text("billing.payer"),
        actions=rx.fragment(history_action(), when(BillingState.is_owner, payer_change_action())),
    )


def plan_panel() -> rx.Component:
    """套餐: edition, since when, whose."""
    return panel(
        facts(
            (text("billing.plan_commercial"), text("billing.pay_as_you_go")),
            (text("billing.opened_at"), translated(BillingState.opened_at)),
            (text("billing.owner"), rx.el.span(BillingState.owner, **VERBATIM)),
        ),
        title=text("billing.plan"),
    )


def free_plan(upgrade: rx.Component) -> rx.Component:
    """体验版: what it is, and beside it what the 商业版 would be, with the way there for those who may upgrade."""
    return rx.el.section(
        rx.el.div(
            rx.el.p(text("billing.current")),
            rx.el.div(rx.el.h2(text("register.free")), money(BillingState.free_price, unit=text("billing.free_note"))),
            facts(
                (text("billing.opened_at"), translated(BillingState.opened_at)),
                (text("billing.owner"), rx.el.span(BillingState.owner, **VERBATIM)),
            ),
        ),
        rx.el.div(
            rx.el.p(text("register.commercial")),
            rx.el.h2(text("billing.offer")),
            rx.el.ul(rx.foreach(BillingState.offers, _offer)),
            rx.el.div(
                upgrade,
                rx.el.small(rx.cond(BillingState.is_owner, text("billing.one_way"), text("billing.owner_upgrades"))),
                class_name="gc-row",
            ),
            class_name="gc-current-offer",
        ),
        class_name="gc-panel gc-current-plan",
        aria_label=text("billing.plan"),
    )


def _offer(words: Any) -> rx.Component:
    return rx.el.li(icon("check"), rx.el.span(translated(words)))
