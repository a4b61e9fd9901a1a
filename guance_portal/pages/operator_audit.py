"""`/operator/audit`: who did what, when."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.audit import audit_list, audit_search
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.audit import OperatorAuditState
from guance_portal.state.session import ViewerState


def operator_audit() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("operator.audit"), lead=text("operator.audit_lead")),
        panel(audit_search()),
        panel(
            rx.cond(OperatorAuditState.is_loaded, audit_list(), loading(skeleton(height="320px"))),
            title=text("operator.entries"),
            lead=translated(OperatorAuditState.count),
            is_flush=True,
        ),
        viewer=VIEWER,
        active=routes.OPERATOR_AUDIT,
    )


PAGE = Page(
    route=routes.OPERATOR_AUDIT,
    build=operator_audit,
    title="operator.audit",
    on_load=[ViewerState.load_viewer, OperatorAuditState.load_audit],
    realm=Realm.OPERATOR,
)
