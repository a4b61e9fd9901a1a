"""`/workspace/billing`: 付费计划与账单, the plan of a workspace, its use and who pays."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import edition_badge
from guance_portal.components.base import is_set
from guance_portal.components.billing.actions import (
    billing_dialogs,
    change_settlement_action,
    enter_fee_center_action,
    recharge_action,
    upgrade_action,
)
from guance_portal.components.billing.balances import balances_panel
from guance_portal.components.billing.payer import free_plan, payer_panel, plan_panel
from guance_portal.components.billing.quotas import quota_board, quota_notices, retention_panel
from guance_portal.components.billing.usage import history_panel, usage_or_failure, usage_panel
from guance_portal.components.billing.week import week_panel
from guance_portal.components.bills.workspace import workspace_bills, workspace_costs
from guance_portal.components.buttons import button
from guance_portal.components.debt import console_debt
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.messages import text, translated
from guance_portal.components.not_taken import not_taken_notes
from guance_portal.components.page_parts import stack, when
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.billing.balances import ConsoleWalletState
from guance_portal.state.billing.page import BillingState
from guance_portal.state.bills.workspace import WorkspaceBillsState
from guance_portal.state.fee_center.sso_handoff import SsoHandoffState
from guance_portal.state.session import ViewerState
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.workspace import WorkspaceState


def billing() -> rx.Component:
    """The page."""
    return console_page(
        console_debt(),
        page_header(
            text("billing.title"),
            badge=when(BillingState.is_loaded, edition_badge(BillingState.is_commercial)),
            lead=rx.cond(BillingState.is_commercial, text("billing.lead_commercial"), text("billing.lead_free")),
            actions=when(
                BillingState.is_loaded & BillingState.is_owner & BillingState.is_commercial,
                rx.fragment(change_settlement_action(), enter_fee_center_action(), recharge_action()),
            ),
        ),
        rx.cond(
            BillingState.is_loaded,
            stack(not_taken_notes(BillingState.not_taken), rx.cond(BillingState.is_commercial, _commercial(), _free())),
            rx.cond(
                is_set(BillingState.stopped),
                _stopped(),
                loading(skeleton(height="180px"), skeleton(height="320px")),
            ),
        ),
        billing_dialogs(),
        viewer=VIEWER,
        active=routes.BILLING,
        workspace=workspace_switcher(),
        has_lock_strip=False,
    )


def _stopped() -> rx.Component:
    """Why nothing is shown any more, and the way on."""
    return note(
        translated(BillingState.stopped),
        tone="amber",
        is_live=True,
        action=button(text("billing.reload"), kind="secondary", on_click=BillingState.reload_page),
    )


def _free() -> rx.Component:
    return stack(
        quota_notices(when(BillingState.is_owner, upgrade_action(is_small=True))),
        free_plan(when(BillingState.is_owner, upgrade_action())),
        _beside(quota_board(), stack(retention_panel(), week_panel())),
    )


def _commercial() -> rx.Component:
    return stack(
        _beside(workspace_costs(), stack(balances_panel(), payer_panel(), plan_panel())),
        workspace_bills(),
        usage_or_failure(usage_panel(), history_panel()),
    )


def _beside(wide: rx.Component, narrow: rx.Component) -> rx.Component:
    return rx.el.div(wide, narrow, class_name="gc-billing")


PAGE = Page(
    route=routes.BILLING,
    build=billing,
    title="billing.title",
    on_load=[
        ViewerState.load_viewer,
        WorkspaceState.load_workspaces,
        SsoHandoffState.load_sso_handoff,
        BillingState.load_billing,
        WorkspaceBillsState.load_bills,
        SettlementState.load_settlement,
        ConsoleWalletState.load_console_wallet,
        CloudSubscribeState.load_cloud,
    ],
    realm=Realm.CONSOLE,
)
