"""`/operator/transfers`: 银行转账, a tab of 入账与代金券."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.operator.money import tabs_with
from guance_portal.components.operator.transfers import transfers_body
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.transfers import OperatorTransfersState
from guance_portal.state.session import ViewerState


def operator_transfers() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("money_admin.title"), lead=text("money_admin.lead")),
        tabs_with(routes.OPERATOR_TRANSFERS),
        rx.cond(OperatorTransfersState.is_loaded, transfers_body(), loading(skeleton(height="320px"))),
        viewer=VIEWER,
        active=routes.OPERATOR_MONEY,
    )


PAGE = Page(
    route=routes.OPERATOR_TRANSFERS,
    build=operator_transfers,
    title="transfers.title",
    on_load=[ViewerState.load_viewer, OperatorTransfersState.load_transfers],
    realm=Realm.OPERATOR,
)
