"""`/operator`: 运营后台, find a fee-centre account."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.accounts import account_list, account_search
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.accounts import OperatorAccountsState
from guance_portal.state.session import ViewerState


def operator_home() -> rx.Component:
    """The operators' home."""
    return operator_page(
        page_header(text("operator.title"), lead=text("operator.lead")),
        panel(account_search()),
        panel(
            rx.cond(OperatorAccountsState.is_loaded, account_list(), loading(skeleton(height="240px"))),
            title=text("operator.accounts"),
            lead=translated(OperatorAccountsState.count),
            is_flush=True,
        ),
        viewer=VIEWER,
        active=routes.OPERATOR,
    )


PAGE = Page(
    route=routes.OPERATOR,
    build=operator_home,
    title="operator.title",
    on_load=[ViewerState.load_viewer, OperatorAccountsState.load_accounts],
    realm=Realm.OPERATOR,
)
