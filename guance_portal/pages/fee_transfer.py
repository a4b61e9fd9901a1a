"""`/fee-center/wallet/recharge/transfer`: 对公转账, where the money goes and the code that it carries."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.transfer import transfer_panels
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.transfer import TransferState
from guance_portal.state.session import ViewerState


def fee_transfer() -> rx.Component:
    """The page."""
    return fee_page(
        page_header(
            text("transfer.title"), lead=text("transfer.lead"), back=(text("recharge.title"), TransferState.back)
        ),
        transfer_panels(),
        viewer=VIEWER,
        active=routes.WALLET,
    )


PAGE = Page(
    route=routes.TRANSFER,
    build=fee_transfer,
    title="transfer.title",
    on_load=[ViewerState.load_viewer, TransferState.load_transfer],
    realm=Realm.FEE_CENTER,
)
