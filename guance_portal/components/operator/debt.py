"""欠费与锁定 of one account."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.state.operator.debt import OperatorDebtState as State

_DEBT: Any = State.debt


def account_debt_panel() -> rx.Component:
    """What is owed since when, and the lock."""
    state = rx.cond(
        _DEBT.is_locked,
        badge(text("debt.locked"), tone="red", icon_name="lock"),
        badge(_DEBT.days_left, " ", translated(_DEBT.left_words), tone="amber"),
    )
    known = facts(
        (text("debt.operator_owed"), rx.el.b(_DEBT.amount, class_name="gc-money")),
        (text("debt.operator_since"), translated(State.began)),
        (text("debt.operator_locks"), translated(State.locks)),
        (text("debt.operator_state"), state),
    )
    return when(
        State.is_loaded,
        panel(
            rx.cond(_DEBT.is_owed, known, rx.el.p(text("debt.operator_none"), class_name="gc-muted")),
            title=text("debt.operator_title"),
        ),
    )
