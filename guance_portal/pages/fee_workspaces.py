"""`/fee-center/workspaces`: 工作空间管理, the workspaces the account pays for."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.fee_center.shell import password_gate
from guance_portal.components.fee_center.workspaces import balances_column, settlement_column, workspaces_panel
from guance_portal.components.layout import fee_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.settlement.dialog import settlement_dialog
from guance_portal.components.settlement.history import history_dialog
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.workspaces import FeeWorkspacesState
from guance_portal.state.session import ViewerState
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.settlement.dialog import SettlementState


def fee_workspaces() -> rx.Component:
    """The list."""
    return fee_page(
        page_header(text("fee_workspaces.title"), lead=text("fee_workspaces.lead")),
        workspaces_panel(balances_column(), settlement_column()),
        settlement_dialog(parameter="settle"),
        history_dialog(),
        password_gate(),
        viewer=VIEWER,
        active=routes.FEE_WORKSPACES,
    )


PAGE = Page(
    route=routes.FEE_WORKSPACES,
    build=fee_workspaces,
    title="fee_workspaces.title",
    on_load=[
        ViewerState.load_viewer,
        FeeAccessState.load_fee_access,
        FeeWorkspacesState.load_paid_workspaces,
        SettlementState.load_paid_settlement,
        CloudSubscribeState.load_cloud,
    ],
    realm=Realm.FEE_CENTER,
)
