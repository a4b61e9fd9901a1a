"""What can be done about plan and payer, for the owner alone: each is shown only when its target exists."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import button, link_button
from guance_portal.components.fee_center.shell import enter_fee_center
from guance_portal.components.messages import text
from guance_portal.components.page_parts import when
from guance_portal.components.settlement.dialog import settlement_dialog
from guance_portal.components.settlement.facts import next_change_facts
from guance_portal.components.settlement.history import history_dialog
from guance_portal.components.settlement.payer_change import payer_change_dialog
from guance_portal.state.billing.balances import ConsoleWalletState
from guance_portal.state.fee_center.sso_handoff import SsoHandoffState
from guance_portal.state.settlement.dialog import SettlementState


def upgrade_action(*, is_small: bool = False) -> rx.Component:
    """升级, on the 体验版; small beside what is said of a quota."""
    look: dict[str, Any] = {"kind": "secondary", "size": "small"} if is_small else {}
    return link_button(text("upgrade.action"), href=routes.UPGRADE, **look)


def enter_fee_center_action() -> rx.Component:
    """进入费用中心, on the 商业版."""
    return enter_fee_center()


def recharge_action() -> rx.Component:
    """充值, where the account pays and lets the owner: by the handoff of 进入费用中心, whose form stands beside it."""
    state = SsoHandoffState
    return when(
        ConsoleWalletState.is_shown,
        button(text("recharge.title"), on_click=state.recharge, busy=state.is_busy & state.is_recharging),
    )


def change_settlement_action() -> rx.Component:
    """更改结算方式, on the 商业版."""
    return button(text("settlement.title"), kind="secondary", on_click=SettlementState.open_settlement)


def settlement_facts() -> tuple[rx.Component, ...]:
    """What else the payer's panel says: the next possible change, a pending one."""
    return (next_change_facts(),)


def billing_dialogs() -> rx.Component:
    """The dialogs that these actions open; they stand at the end of the page."""
    return rx.fragment(settlement_dialog(), payer_change_dialog(), history_dialog())
