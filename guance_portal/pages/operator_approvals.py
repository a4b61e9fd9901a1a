"""`/operator/approvals`: 审批, what waits for a second operator."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text
from guance_portal.components.operator.approvals import approvals_body, decided_list, refuse_dialog, renew_dialog
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.approvals import OperatorApprovalsState
from guance_portal.state.session import ViewerState


def operator_approvals() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("money_admin.approvals"), lead=text("money_admin.approvals_lead")),
        rx.cond(
            OperatorApprovalsState.is_loaded,
            rx.fragment(approvals_body(), panel(decided_list(), title=text("money_admin.decided"), is_flush=True)),
            loading(skeleton(height="320px")),
        ),
        refuse_dialog(),
        renew_dialog(),
        viewer=VIEWER,
        active=routes.OPERATOR_APPROVALS,
    )


PAGE = Page(
    route=routes.OPERATOR_APPROVALS,
    build=operator_approvals,
    title="money_admin.approvals",
    on_load=[ViewerState.load_viewer, OperatorApprovalsState.load_approvals],
    realm=Realm.OPERATOR,
)
