"""`/operator/money`: 入账与代金券, what operators do with money."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.operator.matters import note_dialog
from guance_portal.components.operator.money import codes_dialog, money_body, money_tabs
from guance_portal.components.operator.voiding import void_dialog
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.money import OperatorMoneyState
from guance_portal.state.session import ViewerState


def operator_money() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("money_admin.title"), lead=text("money_admin.lead")),
        money_tabs(),
        rx.cond(OperatorMoneyState.is_loaded, money_body(), loading(skeleton(height="320px"))),
        codes_dialog(),
        note_dialog(),
        void_dialog(),
        viewer=VIEWER,
        active=routes.OPERATOR_MONEY,
    )


PAGE = Page(
    route=routes.OPERATOR_MONEY,
    build=operator_money,
    title="money_admin.title",
    on_load=[ViewerState.load_viewer, OperatorMoneyState.load_money],
    realm=Realm.OPERATOR,
)
