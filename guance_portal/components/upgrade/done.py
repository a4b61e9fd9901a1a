"""绑定结算云账号, the next step after 升级成功."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.buttons import button
from guance_portal.components.messages import text
from guance_portal.components.settlement.dialog import settlement_dialog
from guance_portal.state.settlement.dialog import SettlementState


def settlement_action() -> rx.Component:
    """The button and the dialog that it opens."""
    return rx.fragment(
        button(_text(), size="large", on_click=SettlementState.open_settlement),
        settlement_dialog(title=_text()),
    )


def _text() -> rx.Var[str]:
    """绑定结算云账号; once a cloud account pays, 更改结算方式."""
    shown: Any = SettlementState.shown
    is_bound = shown.mark != "guance"
    return rx.cond(is_bound, text("settlement.title"), text("settlement.bind_title"))
