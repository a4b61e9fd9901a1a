"""`/onboarding`: 新手引导, install the first DataKit and see its data arrive."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.guide.arrival import status
from guance_portal.components.guide.guide import help_panel, more_panel, nowhere, progress_panel, step
from guance_portal.components.guide.systems import systems
from guance_portal.components.guide.token import replacement_dialog
from guance_portal.components.layout import console_page, page_header, panel
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import stack
from guance_portal.components.viewer import VIEWER, workspace_switcher
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.guide import GuideState
from guance_portal.state.session import ViewerState
from guance_portal.state.workspace import WorkspaceState


def guide() -> rx.Component:
    """The guide."""
    return console_page(
        page_header(
            text("guide.heading"),
            lead=text("guide.lead"),
            actions=link(text("guide.later"), href=routes.home(Realm.CONSOLE), class_name="gc-button soft medium"),
        ),
        rx.cond(
            GuideState.is_loaded,
            rx.cond(GuideState.has_workspace, _guide(), nowhere()),
            loading(skeleton(height="280px"), skeleton(height="120px")),
        ),
        replacement_dialog(),
        viewer=VIEWER,
        active=routes.ONBOARDING,
        workspace=workspace_switcher(),
    )


def _guide() -> rx.Component:
    return rx.el.div(
        panel(
            systems(),
            rx.el.div(
                step(3, text("guide.arrive"), status(), is_done=GuideState.has_arrived),
                class_name="gc-guide-steps last",
            ),
            is_flush=True,
        ),
        stack(
            progress_panel(),
            rx.cond(GuideState.has_arrived & GuideState.is_installed, more_panel(), rx.fragment()),
            help_panel(),
        ),
        class_name="gc-guide",
    )


PAGE = Page(
    route=routes.ONBOARDING,
    build=guide,
    title="guide.title",
    on_load=[ViewerState.load_viewer, WorkspaceState.load_workspaces, GuideState.load_guide],
    realm=Realm.CONSOLE,
)
