"""`/workspace/settings`: 空间设置, for every member; what can be done depends on the role."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.page_parts import stack
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.components.workspace_settings.dialog import dissolve_dialog
from guance_portal.components.workspace_settings.panels import basic_panel, dissolve_panel, dissolved, facts_panel
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState
from guance_portal.state.workspace_settings.dissolve import DissolveState
from guance_portal.state.workspace_settings.page import WorkspaceSettingsState


def workspace_settings() -> rx.Component:
    """The page."""
    return console_page(
        rx.cond(DissolveState.gone != "", dissolved(), _settings()),
        dissolve_dialog(),
        viewer=VIEWER,
        active=routes.SETTINGS,
        workspace=workspace_switcher(),
    )


def _settings() -> rx.Component:
    return rx.fragment(
        page_header(text("settings.title"), lead=text("settings.lead")),
        rx.cond(
            WorkspaceSettingsState.is_loaded,
            stack(basic_panel(), facts_panel(), dissolve_panel()),
            loading(skeleton(height="180px"), skeleton(height="220px")),
        ),
    )


PAGE = Page(
    route=routes.SETTINGS,
    build=workspace_settings,
    title="settings.title",
    on_load=[
        ViewerState.load_viewer,
        WorkspaceState.load_workspaces,
        DissolveState.load_dissolve,
        WorkspaceSettingsState.load_settings,
    ],
    realm=Realm.CONSOLE,
)
