"""`/fee-center`: 账户概览, the company, its workspaces and cloud accounts."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.fee_center.account import clouds_panel
from guance_portal.components.fee_center.shell import password_gate, unless_limited
from guance_portal.components.fee_center.workspaces import key_figure, workspaces_panel
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import fee_page, page_header, panel
from guance_portal.components.page_parts import columns, facts
from guance_portal.components.viewer import VIEWER
from guance_portal.components.words import said, t
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.clouds import FeeCloudsState
from guance_portal.state.fee_center.overview import FeeOverviewState
from guance_portal.state.fee_center.workspaces import FeeWorkspacesState
from guance_portal.state.session import ViewerState


def fee_overview() -> rx.Component:
    """The page."""
    return fee_page(
        page_header(t("fee_overview.title"), lead=rx.el.span(FeeOverviewState.company, **VERBATIM)),
        unless_limited(rx.cond(FeeOverviewState.is_loaded, _figures(), loading(skeleton(height="120px")))),
        workspaces_panel(),
        unless_limited(columns(_account(), clouds_panel())),
        password_gate(),
        viewer=VIEWER,
        active=routes.FEE_CENTER,
    )


def _figures() -> rx.Component:
    return columns(
        key_figure(
            "layout-grid",
            t("fee_overview.workspaces"),
            FeeWorkspacesState.live,
            t("fee_overview.workspaces_note"),
            href=routes.FEE_WORKSPACES,
        ),
        key_figure(
            "cloud",
            t("fee_overview.clouds"),
            FeeCloudsState.count,
            t("fee_overview.clouds_note"),
            href=routes.FEE_ACCOUNT,
        ),
    )


def _account() -> rx.Component:
    state = FeeOverviewState
    company = rx.cond(state.company != "", rx.el.span(state.company, **VERBATIM), t("fee_overview.not_given"))
    return panel(
        facts(
            (t("fee_overview.company"), company),
            (t("fee_overview.username"), rx.el.span(state.username, **VERBATIM)),
            (t("fee_overview.currency"), said(state.currency)),
            (t("fee_overview.opened"), said(state.opened_at)),
        ),
        title=t("fee_overview.account"),
    )


PAGE = Page(
    route=routes.FEE_CENTER,
    build=fee_overview,
    title="fee_overview.title",
    on_load=[
        ViewerState.load_viewer,
        FeeAccessState.load_fee_access,
        FeeWorkspacesState.load_paid_workspaces,
        FeeCloudsState.load_clouds,
        FeeOverviewState.load_overview,
    ],
    realm=Realm.FEE_CENTER,
)
