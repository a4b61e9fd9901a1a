"""`/fee-center/wallet` and below: 账户钱包, as 收支明细, 代金券, 预购卡 and 充值记录."""

from __future__ import annotations

from functools import partial
from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.books import books_panel, stopped_note
from guance_portal.components.fee_center.purses import (
    card_action,
    card_dialog,
    purses_panel,
    voucher_action,
    voucher_dialog,
)
from guance_portal.components.fee_center.records import records_panel
from guance_portal.components.fee_center.shell import password_gate, unless_limited
from guance_portal.components.fee_center.statement import statement_panel
from guance_portal.components.fee_center.wallet import balance_strip, recharge_action, wallet_tabs
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.books import BooksState
from guance_portal.state.fee_center.purses import PursesState
from guance_portal.state.fee_center.recharges import RechargesState
from guance_portal.state.fee_center.statement import StatementState
from guance_portal.state.fee_center.wallet import WalletState
from guance_portal.state.session import ViewerState


def fee_wallet(place: str) -> rx.Component:
    """One of its pages."""
    return fee_page(
        page_header(
            text("wallet_page.title"),
            lead=text("wallet_page.lead"),
            actions=rx.fragment(*_own_action(place), recharge_action()),
        ),
        unless_limited(stopped_note()),
        unless_limited(rx.cond(WalletState.knows_balances, balance_strip(), loading(skeleton(height="88px")))),
        wallet_tabs(place),
        *_BODIES[place](),
        password_gate(),
        viewer=VIEWER,
        active=routes.WALLET,
    )


def _own_action(place: str) -> tuple[rx.Component, ...]:
    return (unless_limited(_ACTIONS[place]()),) if place in _ACTIONS else ()


def _statement() -> tuple[rx.Component, ...]:
    return unless_limited(statement_panel()), unless_limited(books_panel())


def _vouchers() -> tuple[rx.Component, ...]:
    listed = purses_panel(
        text("wallet_page.vouchers"),
        text("purses.no_vouchers"),
        text("purses.no_vouchers_lead"),
        text("purses.vouchers_foot"),
    )
    return unless_limited(listed), voucher_dialog()


def _cards() -> tuple[rx.Component, ...]:
    listed = purses_panel(
        text("wallet_page.cards"), text("purses.no_cards"), text("purses.no_cards_lead"), text("purses.cards_foot")
    )
    return unless_limited(listed), card_dialog()


def _recharges() -> tuple[rx.Component, ...]:
    return (records_panel(),)


_BODIES = {
    routes.WALLET: _statement,
    routes.VOUCHERS: _vouchers,
    routes.CARDS: _cards,
    routes.RECHARGES: _recharges,
}
_ACTIONS = {routes.VOUCHERS: voucher_action, routes.CARDS: card_action}
_LOADERS: dict[str, Any] = {
    routes.WALLET: StatementState.load_statement,
    routes.VOUCHERS: PursesState.load_vouchers,
    routes.CARDS: PursesState.load_cards,
    routes.RECHARGES: RechargesState.load_recharges,
}
_TITLES = {
    routes.WALLET: "wallet_page.title",
    routes.VOUCHERS: "wallet_page.vouchers",
    routes.CARDS: "wallet_page.cards",
    routes.RECHARGES: "records.title",
}

PAGES = tuple(
    Page(
        route=place,
        build=partial(fee_wallet, place),
        title=_TITLES[place],
        on_load=[
            ViewerState.load_viewer,
            FeeAccessState.load_fee_access,
            WalletState.load_wallet,
            BooksState.load_books,
            _LOADERS[place],
        ],
        realm=Realm.FEE_CENTER,
    )
    for place in _BODIES
)
