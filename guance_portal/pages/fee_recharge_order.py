"""`/fee-center/wallet/recharge/order`: one recharge, waiting to be paid or done; providers lead back here."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.recharge_order import order_panels
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.recharge_order import RechargeOrderState
from guance_portal.state.session import ViewerState


def fee_recharge_order() -> rx.Component:
    """The page."""
    return fee_page(
        page_header(
            text("recharge_order.title"),
            lead=text("recharge_order.lead"),
            back=(text("recharge.title"), routes.RECHARGE),
        ),
        order_panels(),
        viewer=VIEWER,
        active=routes.WALLET,
    )


PAGE = Page(
    route=routes.RECHARGE_ORDER,
    build=fee_recharge_order,
    title="recharge_order.title",
    on_load=[ViewerState.load_viewer, RechargeOrderState.load_order],
    realm=Realm.FEE_CENTER,
)
