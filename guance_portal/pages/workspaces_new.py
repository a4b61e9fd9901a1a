"""`/workspaces/new`: open another workspace, or finish an interrupted sign-up."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.layout import console_page, page_header, panel
from guance_portal.components.messages import text, translated
from guance_portal.components.sign_up.new_workspace import new_workspace_form
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.session import ViewerState
from guance_portal.state.sign_up.workspaces_new import NewWorkspaceState
from guance_portal.state.workspace import WorkspaceState


def workspaces_new() -> rx.Component:
    """The page."""
    return console_page(
        page_header(
            text("workspaces_new.heading"), lead=text("workspaces_new.lead", site=translated(NewWorkspaceState.site))
        ),
        panel(
            rx.cond(
                NewWorkspaceState.is_loaded,
                new_workspace_form(),
                loading(skeleton(height="44px"), skeleton(height="120px")),
            ),
        ),
        viewer=VIEWER,
        active=routes.WORKSPACES_NEW,
        workspace=workspace_switcher(),
    )


PAGE = Page(
    route=routes.WORKSPACES_NEW,
    build=workspaces_new,
    title="workspaces_new.title",
    on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, NewWorkspaceState.load_new_workspace],
    realm=Realm.CONSOLE,
)
