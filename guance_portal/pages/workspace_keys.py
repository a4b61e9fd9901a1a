"""`/workspace/keys`: API 密钥, for owner and administrators."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.keys.dialogs import keys_dialogs
from guance_portal.components.keys.table import create_button, keys_panel, usage_panel
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.keys.table import KeysState
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState


def workspace_keys() -> rx.Component:
    """The page."""
    return console_page(
        page_header(text("keys.title"), lead=text("keys.lead"), actions=create_button()),
        keys_panel(),
        usage_panel(),
        keys_dialogs(),
        viewer=VIEWER,
        active=routes.KEYS,
        workspace=workspace_switcher(),
    )


PAGE = Page(
    route=routes.KEYS,
    build=workspace_keys,
    title="keys.title",
    on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, KeysState.load_keys],
    realm=Realm.CONSOLE,
)
