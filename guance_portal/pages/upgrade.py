"""`/workspace/upgrade`: 套餐升级, from the 体验版 to the 商业版."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.billing.estimator import estimator
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.page_parts import stack, when
from guance_portal.components.upgrade.payer import bind_dialog, register_dialog
from guance_portal.components.upgrade.plans import (
    agreement_dialog,
    effects_panel,
    not_owner,
    plans,
    prices_panel,
    upgraded_elsewhere,
)
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.session import ViewerState
from guance_portal.state.upgrade.new_payer import NewPayerState
from guance_portal.state.upgrade.page import UpgradeState
from guance_portal.state.upgrade.payer import BindPayerState
from guance_portal.state.upgrade.prices import UpgradePricesState
from guance_portal.state.workspace import WorkspaceState


def upgrade() -> rx.Component:
    """The page."""
    return console_page(
        page_header(text("upgrade.title"), lead=text("upgrade.lead"), back=(text("billing.title"), routes.BILLING)),
        when(UpgradeState.is_upgraded, upgraded_elsewhere(routes.UPGRADE_DONE)),
        rx.cond(
            UpgradeState.is_loaded,
            rx.el.div(
                stack(
                    when(~UpgradeState.is_owner, not_owner()),
                    plans(),
                    when(UpgradeState.is_owner, effects_panel()),
                    when(UpgradePricesState.version != "", prices_panel()),
                ),
                when(UpgradePricesState.version != "", estimator()),
                class_name="gc-pricing",
            ),
            loading(skeleton(height="320px"), skeleton(height="240px")),
        ),
        agreement_dialog(),
        bind_dialog(),
        register_dialog(),
        viewer=VIEWER,
        active=routes.BILLING,
        workspace=workspace_switcher(),
    )


PAGE = Page(
    route=routes.UPGRADE,
    build=upgrade,
    title="upgrade.title",
    on_load=[
        ViewerState.load_viewer,
        WorkspaceState.load_workspaces,
        UpgradeState.load_upgrade,
        UpgradePricesState.load_prices,
        BindPayerState.load_binding,
        NewPayerState.load_new_payer,
    ],
    realm=Realm.CONSOLE,
)
