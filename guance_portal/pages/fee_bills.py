"""`/fee-center/bills` and below: 账单管理, one month, one bill; and `/workspace/bill`, one bill in the console."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.bills.bill import bill_header, bill_panels
from guance_portal.components.bills.change import change_header, change_panels
from guance_portal.components.bills.months import all_downloads, month_badge, month_panels, months_panel
from guance_portal.components.bills.paper import month_paper
from guance_portal.components.layout import console_page, fee_page, page_header
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import stack
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.bills.bill import BillPageState
from guance_portal.state.bills.change import BillChangeState
from guance_portal.state.bills.months import BillMonthsState, BillMonthState
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState


def fee_bills() -> rx.Component:
    """Every month."""
    return fee_page(
        page_header(text("bills.title"), lead=text("bills.lead")),
        stack(months_panel(), all_downloads()),
        viewer=VIEWER,
        active=routes.FEE_BILLS,
    )


def fee_bill_month() -> rx.Component:
    """One month."""
    return fee_page(
        page_header(
            text("bills.month_title", month=BillMonthState.month),
            badge=month_badge(),
            lead=translated(BillMonthState.final),
            back=(text("bills.back"), routes.FEE_BILLS),
            actions=month_paper(),
        ),
        month_panels(),
        viewer=VIEWER,
        active=routes.FEE_BILLS,
    )


def fee_bill() -> rx.Component:
    """One bill in the fee centre."""
    return fee_page(
        bill_header("bills.back"),
        bill_panels(routes.FEE_BILLS, Realm.FEE_CENTER),
        viewer=VIEWER,
        active=routes.FEE_BILLS,
    )


def workspace_bill() -> rx.Component:
    """One bill in the console."""
    return console_page(
        bill_header("bills.back_console"),
        bill_panels(routes.BILLING, Realm.CONSOLE),
        viewer=VIEWER,
        active=routes.BILLING,
        workspace=workspace_switcher(),
    )


def fee_bill_change() -> rx.Component:
    """Two periods compared, in the fee centre."""
    return fee_page(
        change_header("bill_change.back"),
        change_panels(routes.FEE_BILLS),
        viewer=VIEWER,
        active=routes.FEE_BILLS,
    )


def workspace_change() -> rx.Component:
    """Two periods compared, in the console."""
    return console_page(
        change_header("bill_change.back"),
        change_panels(routes.BILLING),
        viewer=VIEWER,
        active=routes.BILLING,
        workspace=workspace_switcher(),
    )


PAGES = (
    Page(
        route=routes.FEE_BILLS,
        build=fee_bills,
        title="bills.title",
        on_load=[ViewerState.load_viewer, BillMonthsState.load_months],
        realm=Realm.FEE_CENTER,
    ),
    Page(
        route=routes.FEE_BILL_MONTH,
        build=fee_bill_month,
        title="bills.months",
        on_load=[ViewerState.load_viewer, BillMonthState.load_month],
        realm=Realm.FEE_CENTER,
    ),
    Page(
        route=routes.FEE_BILL,
        build=fee_bill,
        title="bills.daily",
        on_load=[ViewerState.load_viewer, BillPageState.load_bill],
        realm=Realm.FEE_CENTER,
    ),
    Page(
        route=routes.WORKSPACE_BILL,
        build=workspace_bill,
        title="bills.daily",
        on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, BillPageState.load_bill],
        realm=Realm.CONSOLE,
    ),
    Page(
        route=routes.FEE_BILL_CHANGE,
        build=fee_bill_change,
        title="bill_change.title",
        on_load=[ViewerState.load_viewer, BillChangeState.load_change],
        realm=Realm.FEE_CENTER,
    ),
    Page(
        route=routes.WORKSPACE_CHANGE,
        build=workspace_change,
        title="bill_change.title",
        on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, BillChangeState.load_change],
        realm=Realm.CONSOLE,
    ),
)
