"""解除登记 of a cloud account: the button in its row, and the dialog."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.messages import text, translated
from guance_portal.state.fee_center.letting_go import FeeLetGoState as State

_OPEN: Any = State.open_let_go


def let_go_button(row: Any) -> rx.Component:
    """In the row of an account."""
    return button(text("let_go.open"), kind="soft", size="small", on_click=_OPEN(row.id))


def let_go_dialog() -> rx.Component:
    """What it means, with the act; or what holds the account, with the way on."""
    is_held = State.holds.length() > 0
    return dialog(
        rx.cond(is_held, _held(), _means()),
        id="let-go",
        title=text("let_go.title", account=State.account),
        is_open=State.is_open,
        on_close=State.close_let_go,
        footer=(
            cancel_button(),
            rx.cond(
                is_held,
                link_button(text("let_go.to_workspaces"), href=routes.FEE_WORKSPACES),
                button(text("let_go.confirm"), kind="danger", on_click=State.let_go, busy=State.is_busy),
            ),
        ),
        busy=State.is_busy,
        is_alert=True,
    )


def _means() -> rx.Component:
    return rx.fragment(rx.el.p(text("let_go.means")), rx.el.p(text("let_go.means_market")))


def _held() -> rx.Component:
    return note(
        rx.el.p(text("let_go.held")),
        rx.el.ul(rx.foreach(State.holds, _hold)),
        rx.el.p(text("let_go.way")),
        title=text("let_go.held_title"),
        tone="amber",
        is_live=True,
    )


def _hold(hold: Any) -> rx.Component:
    return rx.el.li(translated(hold), **VERBATIM)
