"""`/fee-center/wallet`: 账户钱包, the balances and 充值记录."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.shell import password_gate, unless_limited
from guance_portal.components.fee_center.wallet import balance_strip, recharge_action, records_panel
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.viewer import VIEWER
from guance_portal.components.words import t
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.wallet import WalletState
from guance_portal.state.session import ViewerState


def fee_wallet() -> rx.Component:
    """The page."""
    return fee_page(
        page_header(t("wallet_page.title"), lead=t("wallet_page.lead"), actions=recharge_action()),
        unless_limited(rx.cond(WalletState.is_loaded, balance_strip(), loading(skeleton(height="88px")))),
        records_panel(),
        password_gate(),
        viewer=VIEWER,
        active=routes.WALLET,
    )


PAGE = Page(
    route=routes.WALLET,
    build=fee_wallet,
    title="wallet_page.title",
    on_load=[ViewerState.load_viewer, FeeAccessState.load_fee_access, WalletState.load_wallet],
    realm=Realm.FEE_CENTER,
)
