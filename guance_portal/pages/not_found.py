"""The page of every address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from guance_portal.components import faults
from guance_portal.components.page_parts import frame, main
from guance_portal.components.public_page import footer, top_bar
from guance_portal.pages.page import Page
from guance_portal.state.homes import HomesState

ROUTE = "404"


def not_found() -> rx.Component:
    """A calm answer with ways on."""
    return frame(top_bar(), main(faults.not_found(), class_name="gc-fault-page"), footer(), class_name="gc-missing")


PAGE = Page(route=ROUTE, build=not_found, title="not_found.title", on_load=HomesState.load_homes)
