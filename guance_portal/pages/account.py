"""`/account`: my profile, password and devices, in the console."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM, is_set
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import note
from guance_portal.components.layout import console_page, page_header
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.profile import profile_dialog, profile_panel
from guance_portal.components.security import devices_panel, password_panel
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.devices import DevicesState
from guance_portal.state.password import PasswordState
from guance_portal.state.profile import ProfileState
from guance_portal.state.role_here import RoleHereState
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState


def account() -> rx.Component:
    """The account page of the console."""
    return console_page(
        page_header(text("account.title"), lead=text("account.lead")),
        when(
            is_set(RoleHereState.why),
            note(
                rx.el.span(translated(RoleHereState.why), **VERBATIM),
                tone="indigo",
                action=when(
                    RoleHereState.has_none,
                    link_button(text("workspaces_new.title"), href=routes.WORKSPACES_NEW, kind="secondary"),
                ),
            ),
        ),
        profile_panel(),
        password_panel(),
        devices_panel(Realm.CONSOLE),
        profile_dialog(),
        viewer=VIEWER,
        active=routes.ACCOUNT,
        workspace=workspace_switcher(),
    )


PAGE = Page(
    route=routes.ACCOUNT,
    build=account,
    title="account.title",
    on_load=[
        ViewerState.load_viewer,
        WorkspaceState.load_workspaces,
        RoleHereState.load_role_here,
        ProfileState.load_profile,
        PasswordState.load_password,
        DevicesState.load_devices,
    ],
    realm=Realm.CONSOLE,
)
