"""`/operator/ledger`: 账本, its rules and its transactions."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import button
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.ledger import (
    found_panels,
    repair_dialog,
    rules_panel,
    search_panel,
    stopped_panel,
)
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.ledger import OperatorLedgerState
from guance_portal.state.session import ViewerState


def operator_ledger() -> rx.Component:
    """The page."""
    state = OperatorLedgerState
    return operator_page(
        page_header(
            text("ledger_admin.title"),
            lead=rx.fragment(text("ledger_admin.lead"), " ", translated(state.last)),
            actions=button(
                text("ledger_admin.check_now"), icon_name="refresh-cw", busy=state.is_busy, on_click=state.check_now
            ),
        ),
        rx.cond(
            state.is_loaded,
            rx.fragment(rules_panel(), stopped_panel(), search_panel(), found_panels()),
            loading(skeleton(height="320px")),
        ),
        repair_dialog(),
        viewer=VIEWER,
        active=routes.OPERATOR_LEDGER,
    )


PAGE = Page(
    route=routes.OPERATOR_LEDGER,
    build=operator_ledger,
    title="ledger_admin.title",
    on_load=[ViewerState.load_viewer, OperatorLedgerState.load_ledger],
    realm=Realm.OPERATOR,
)
