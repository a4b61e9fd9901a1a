"""`/welcome`: after signing up, what the product is, and the way to the guide."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import link_button
from guance_portal.components.guide.welcome import community, film, next_steps, welcome_page
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import page_header, stack
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.session import ViewerState
from guance_portal.state.welcome import WelcomeState


def welcome() -> rx.Component:
    """The welcome page."""
    return welcome_page(
        page_header(text("welcome.heading", name=ViewerState.name), lead=text("welcome.lead")),
        rx.el.div(film(), stack(community(), next_steps()), class_name="gc-welcome-grid"),
        rx.el.div(
            link_button(text("welcome.begin"), icon("arrow-right"), href=routes.ONBOARDING, size="large"),
            link(text("welcome.skip"), href=routes.home(Realm.CONSOLE)),
            class_name="gc-welcome-foot",
        ),
    )


PAGE = Page(
    route=routes.WELCOME,
    build=welcome,
    title="welcome.title",
    on_load=[ViewerState.load_viewer, WelcomeState.load_welcome],
    realm=Realm.CONSOLE,
)
