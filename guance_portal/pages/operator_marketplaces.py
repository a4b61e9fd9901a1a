"""`/operator/marketplaces`: what the cloud marketplaces told, and what became of it."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import operator_page, page_header, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.marketplaces import market_list, market_search, market_tabs
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.operator.marketplaces import SUBSCRIPTIONS
from guance_portal.state.operator.marketplaces import OperatorMarketplacesState as Markets
from guance_portal.state.session import ViewerState


def operator_marketplaces() -> rx.Component:
    """The page."""
    return operator_page(
        page_header(text("operator.marketplaces"), lead=text("operator.marketplaces_lead")),
        market_tabs(),
        panel(market_search()),
        panel(
            rx.cond(Markets.is_loaded, market_list(), loading(skeleton(height="320px"))),
            title=rx.cond(Markets.view == SUBSCRIPTIONS, text("operator.subscriptions"), text("operator.notices")),
            lead=translated(Markets.count),
            is_flush=True,
        ),
        viewer=VIEWER,
        active=routes.OPERATOR_MARKETPLACES,
    )


PAGE = Page(
    route=routes.OPERATOR_MARKETPLACES,
    build=operator_marketplaces,
    title="operator.marketplaces",
    on_load=[ViewerState.load_viewer, Markets.load_marketplaces],
    realm=Realm.OPERATOR,
)
