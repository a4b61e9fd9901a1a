"""`/fee-center`: 账户概览, the balances, the company, its workspaces and cloud accounts."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.fee_center.account import clouds_panel
from guance_portal.components.fee_center.books import stopped_note
from guance_portal.components.fee_center.debt import debt_panels, fee_debt_banner, rehearsal_panel
from guance_portal.components.fee_center.purses import voucher_action, voucher_dialog
from guance_portal.components.fee_center.shell import password_gate, unless_limited
from guance_portal.components.fee_center.statement import recent_panel
from guance_portal.components.fee_center.wallet import balance_figures, deduction_panel, expiring_panel, recharge_action
from guance_portal.components.fee_center.workspaces import workspaces_panel
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import fee_page, page_header, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import columns, facts, stack, when
from guance_portal.components.viewer import VIEWER
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.fee_center.access import FeeAccessState
from guance_portal.state.fee_center.books import BooksState
from guance_portal.state.fee_center.clouds import FeeCloudsState
from guance_portal.state.fee_center.debt import FeeDebtState
from guance_portal.state.fee_center.overview import FeeOverviewState
from guance_portal.state.fee_center.recent import RecentState
from guance_portal.state.fee_center.wallet import WalletState
from guance_portal.state.fee_center.workspaces import FeeWorkspacesState
from guance_portal.state.session import ViewerState


def fee_overview() -> rx.Component:
    """The page."""
    return fee_page(
        fee_debt_banner(),
        page_header(
            text("fee_overview.title"),
            lead=rx.el.span(FeeOverviewState.company, **VERBATIM),
            actions=rx.fragment(unless_limited(voucher_action()), recharge_action()),
        ),
        unless_limited(stopped_note()),
        unless_limited(rx.cond(WalletState.knows_balances, balance_figures(), loading(skeleton(height="120px")))),
        unless_limited(debt_panels()),
        workspaces_panel(),
        unless_limited(
            columns(_money(deduction_panel()), stack(_money(expiring_panel()), rehearsal_panel(), _account()))
        ),
        unless_limited(recent_panel()),
        unless_limited(clouds_panel()),
        voucher_dialog(),
        password_gate(),
        viewer=VIEWER,
        active=routes.FEE_CENTER,
    )


def _money(child: rx.Component) -> rx.Component:
    return when(WalletState.knows_balances, child)


def _account() -> rx.Component:
    state = FeeOverviewState
    company = rx.cond(state.company != "", rx.el.span(state.company, **VERBATIM), text("fee_overview.not_given"))
    known = facts(
        (text("fee_overview.company"), company),
        (text("fee_overview.username"), rx.el.span(state.username, **VERBATIM)),
        (text("fee_overview.currency"), translated(state.currency)),
        (text("fee_overview.opened"), translated(state.opened_at)),
    )
    return panel(
        rx.cond(state.is_loaded, known, loading(skeleton(height="120px"))),
        title=text("fee_overview.account"),
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
        WalletState.load_wallet,
        BooksState.load_books,
        RecentState.load_recent,
        FeeDebtState.load_debt,
    ],
    realm=Realm.FEE_CENTER,
)
