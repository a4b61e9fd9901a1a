"""`/operator/fee-account?id=`: one fee-centre account and what can be done about it."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text
from guance_portal.components.operator.accounts import account_panels
from guance_portal.components.operator.debt import account_debt_panel
from guance_portal.components.operator.dialogs import choice_dialog, sessions_dialog
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.account import OperatorAccountState
from guance_portal.state.operator.debt import OperatorDebtState
from guance_portal.state.session import ViewerState


def operator_fee_account() -> rx.Component:
    """The page."""
    state = OperatorAccountState
    known = rx.fragment(
        page_header(
            text("operator.account_title"),
            lead=rx.el.span(rx.cond(state.company != "", state.company, state.username), **VERBATIM),
            back=(text("operator.accounts"), routes.OPERATOR),
        ),
        account_debt_panel(),
        *account_panels(),
    )
    return operator_page(
        rx.cond(state.is_loaded, rx.cond(state.is_unknown, _unknown(), known), loading(skeleton(height="320px"))),
        choice_dialog(),
        sessions_dialog(),
        viewer=VIEWER,
        active=routes.OPERATOR,
    )


def _unknown() -> rx.Component:
    return rx.fragment(
        page_header(text("operator.account_title"), back=(text("operator.accounts"), routes.OPERATOR)),
        panel(
            empty_state(
                text("operator.unknown"),
                text("operator.unknown_lead"),
                icon_name="search-x",
                action=link_button(text("operator.accounts"), href=routes.OPERATOR, kind="secondary"),
            )
        ),
    )


PAGE = Page(
    route=routes.OPERATOR_FEE_ACCOUNT,
    build=operator_fee_account,
    title="operator.account_title",
    on_load=[ViewerState.load_viewer, OperatorAccountState.load_account, OperatorDebtState.load_account_debt],
    realm=Realm.OPERATOR,
)
