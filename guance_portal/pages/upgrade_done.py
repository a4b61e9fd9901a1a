"""`/workspace/upgrade/done`: 升级成功."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import console_page, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import success, when
from guance_portal.components.upgrade.done import settlement_action
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.session import ViewerState
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.settlement.dialog import SettlementState
from guance_portal.state.upgrade.page import UpgradeDoneState as State
from guance_portal.state.workspace import WorkspaceState

_SHOWN: Any = SettlementState.shown


def upgrade_done() -> rx.Component:
    """The page."""
    return console_page(
        rx.cond(State.is_loaded, panel(_done(), class_name="gc-upgrade-done"), loading(skeleton(height="420px"))),
        viewer=VIEWER,
        active=routes.BILLING,
        workspace=workspace_switcher(),
    )


def _done() -> rx.Component:
    return rx.fragment(
        success(
            text("upgrade.done_title"),
            rx.fragment(
                text("upgrade.done_since", workspace=State.workspace, since=translated(State.since)),
                rx.el.br(),
                text("upgrade.done_mail", email=State.email),
            ),
        ),
        when(SettlementState.is_loaded, _settled()),
        rx.el.div(
            link_button(text("upgrade.back_to_billing"), href=routes.BILLING, kind="secondary", size="large"),
            settlement_action(),
            class_name="gc-row gc-centred-row",
        ),
    )


def _settled() -> rx.Component:
    """Who pays now: at first by default, later the account that was chosen; and by which rule that can change."""
    return rx.fragment(
        rx.el.div(
            provider(_SHOWN.mark, size="large"),
            rx.el.span(
                rx.el.small(text("upgrade.done_method")),
                rx.el.span(
                    rx.el.b(translated(_SHOWN.method)),
                    " ",
                    rx.el.span(translated(_SHOWN.account), class_name="gc-mono", **VERBATIM),
                ),
                class_name="gc-two",
            ),
            when(_SHOWN.is_default, badge(text("upgrade.done_default"), tone="indigo")),
            class_name="gc-current-method",
        ),
        rx.el.p(text("upgrade.done_bind"), " ", translated(_SHOWN.rule), class_name="gc-muted gc-centred"),
    )


PAGE = Page(
    route=routes.UPGRADE_DONE,
    build=upgrade_done,
    title="upgrade.done_title",
    on_load=[
        ViewerState.load_viewer,
        WorkspaceState.load_workspaces,
        State.load_done,
        SettlementState.load_settlement,
        CloudSubscribeState.load_cloud,
    ],
    realm=Realm.CONSOLE,
)
