"""`/workspace/members`: 成员管理, for every member; what can be done depends on the role."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.members.dialogs import members_dialogs
from guance_portal.components.members.table import header_actions, invitations_panel, members_panel
from guance_portal.components.messages import text
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.members.table import MembersState
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState


def members() -> rx.Component:
    """The page."""
    return console_page(
        page_header(text("members.title"), lead=text("members.lead"), actions=header_actions()),
        members_panel(),
        invitations_panel(),
        members_dialogs(),
        viewer=VIEWER,
        active=routes.MEMBERS,
        workspace=workspace_switcher(),
    )


PAGE = Page(
    route=routes.MEMBERS,
    build=members,
    title="members.title",
    on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, MembersState.load_members],
    realm=Realm.CONSOLE,
)
