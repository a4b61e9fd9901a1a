"""账户余额 on 付费计划与账单: for the owner alone, where the account that pays shows it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.fee_center.wallet import purse
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel, when
from guance_portal.state.billing.balances import ConsoleWalletState as State

_HELD: Any = State.balances


def balances_panel() -> rx.Component:
    """Cash, vouchers, cards and debt, each in the colour of its purse."""
    rows = (("cash", "cash", _HELD.cash), ("voucher", "vouchers", _HELD.vouchers), ("card", "cards", _HELD.cards))
    return rx.fragment(
        when(
            State.is_shown,
            panel(
                rx.el.dl(
                    *(_row(kind, name, value) for kind, name, value in (*rows, ("debt", "debt", _HELD.debt))),
                    class_name="gc-facts",
                ),
                title=text("console_wallet.title"),
            ),
        ),
        when(
            State.is_hidden,
            panel(rx.el.p(text("console_wallet.hidden"), class_name="gc-muted"), title=text("console_wallet.title")),
        ),
    )


def _row(kind: str, name: str, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(purse(kind, text(f"wallet_page.{name}"))),
        rx.el.dd(rx.el.b(_HELD.symbol, value, class_name="gc-money")),
    )
