"""`/sandbox/style-guide`: every component in every state, in both languages and themes."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.messages import text
from guance_portal.components.page_parts import frame, main
from guance_portal.components.public_page import top_bar
from guance_portal.pages.page import Page
from guance_portal.pages.style_guide import answers, controls, figures, overlays, progress


def style_guide() -> rx.Component:
    """The style guide."""
    return frame(
        top_bar(),
        main(
            answers.reconnect_sample(),
            rx.el.header(
                rx.el.h1(text("style_guide.title"), class_name="gc-landing-title"),
                rx.el.p(text("style_guide.lead"), class_name="gc-muted"),
                class_name="gc-sheet-head",
            ),
            rx.el.div(
                *controls.sections(),
                *figures.sections(),
                *progress.sections(),
                *overlays.sections(),
                *answers.sections(),
                class_name="gc-sheet",
            ),
            class_name="",
        ),
        class_name="gc-sandbox-page",
    )


PAGE = Page(route=routes.SANDBOX_STYLE_GUIDE, build=style_guide, title="style_guide.title", is_sandbox=True)
