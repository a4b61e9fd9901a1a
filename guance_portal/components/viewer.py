"""Who is looking, joined to the shells: the user menu's person and the workspace switcher."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components import workspaces
from guance_portal.components.base import VERBATIM
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.realm_pages import Viewer
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState
from guance_portal.state.workspace_debt import WorkspaceDebtState

VIEWER = Viewer(name=ViewerState.name, detail=ViewerState.email, site=translated(ViewerState.site))


def viewer_name() -> rx.Component:
    """The name as the person wrote it."""
    return rx.el.span(ViewerState.name, **VERBATIM)


def workspace_switcher() -> rx.Component:
    """My workspaces, and what can be done about the current one; nothing while I have none.

    Those who have lost the one they looked at choose another here.
    """
    return rx.cond(
        WorkspaceState.rows.length() > 0,
        workspaces.workspace_switcher(
            rx.cond(WorkspaceState.current != "", WorkspaceState.current, text("workspace.choose")).to(str),
            WorkspaceState.rows,
            is_commercial=WorkspaceState.is_commercial,
            is_locked=WorkspaceDebtState.is_locked,
            on_choose=WorkspaceState.choose_workspace,
            footer=rx.fragment(
                when(WorkspaceState.current != "", _entry("settings", text("settings.title"), routes.SETTINGS)),
                _entry("plus", text("workspaces_new.title"), routes.WORKSPACES_NEW),
            ),
        ),
        rx.fragment(),
    )


def _entry(icon_name: str, words: rx.Var[str], href: str) -> rx.Component:
    return link(
        icon(icon_name), rx.el.span(words), href=href, class_name="gc-menu-item", custom_attrs={"data-item": ""}
    )
