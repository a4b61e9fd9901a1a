"""Who is looking, joined to the shells: the user menu's person and the workspace switcher."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components import workspaces
from guance_portal.components.base import VERBATIM
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.realm_pages import Viewer
from guance_portal.components.words import said, t
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState

VIEWER = Viewer(name=ViewerState.name, detail=ViewerState.email, site=said(ViewerState.site))


def viewer_name() -> rx.Component:
    """The name as the person wrote it."""
    return rx.el.span(ViewerState.name, **VERBATIM)


def workspace_switcher() -> rx.Component:
    """My workspaces; nothing while I have none."""
    return rx.cond(
        WorkspaceState.current != "",
        workspaces.workspace_switcher(
            WorkspaceState.current,
            WorkspaceState.rows,
            is_commercial=WorkspaceState.is_commercial,
            on_choose=WorkspaceState.choose_workspace,
            footer=link(
                icon("plus"),
                rx.el.span(t("workspaces_new.title")),
                href=routes.WORKSPACES_NEW,
                class_name="gc-menu-item",
                custom_attrs={"data-item": ""},
            ),
        ),
        rx.fragment(),
    )
