"""`/operator/reconciliation`: 对账, what marketplaces collect against what is ours."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.operator.reconciliation import board_panel, entry_dialog, equation, records_panel
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.reconciliation import OperatorReconciliationState
from guance_portal.state.session import ViewerState


def operator_reconciliation() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("reconciliation.title"), lead=text("reconciliation.lead")),
        rx.cond(
            OperatorReconciliationState.is_loaded,
            rx.fragment(equation(), board_panel(), records_panel()),
            loading(skeleton(height="320px")),
        ),
        entry_dialog(),
        viewer=VIEWER,
        active=routes.OPERATOR_RECONCILIATION,
    )


PAGE = Page(
    route=routes.OPERATOR_RECONCILIATION,
    build=operator_reconciliation,
    title="reconciliation.title",
    on_load=[ViewerState.load_viewer, OperatorReconciliationState.load_reconciliation],
    realm=Realm.OPERATOR,
)
