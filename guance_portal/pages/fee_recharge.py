"""`/fee-center/wallet/recharge`: 充值, how much, by which way, and what it will do."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.recharge import recharge_panels
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.recharge import RechargeState
from guance_portal.state.session import ViewerState


def fee_recharge() -> rx.Component:
    """The page."""
    return fee_page(
        page_header(
            text("recharge.title"),
            lead=text("recharge.lead", account=ViewerState.name),
            back=(text("wallet_page.title"), routes.WALLET),
        ),
        recharge_panels(),
        viewer=VIEWER,
        active=routes.WALLET,
    )


PAGE = Page(
    route=routes.RECHARGE,
    build=fee_recharge,
    title="recharge.title",
    on_load=[ViewerState.load_viewer, RechargeState.load_recharge],
    realm=Realm.FEE_CENTER,
)
