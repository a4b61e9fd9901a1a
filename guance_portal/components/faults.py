"""What is shown when a page is missing or breaks: a plain message, a number to quote, and links."""

from __future__ import annotations

import reflex as rx
from reflex.state import FrontendEventExceptionState
from reflex_components_core.base.error_boundary import on_error_spec

from guance_portal import routes
from guance_portal.components.base import Child, TextLike
from guance_portal.components.buttons import link_button
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.state.homes import HomesState


class _FaultNumber(rx.Component):
    library = "$/public/fault.js"
    tag = "FaultNumber"


class PageButton(rx.Component):
    """A button that reloads the page or goes back in the browser's history."""

    library = "$/public/fault.js"
    tag = "PageButton"

    act: rx.Var[str]


def not_found() -> rx.Component:
    """The page of an address that leads nowhere; who is signed in is led to their own realm."""
    return fault(
        "404",
        text("not_found.title"),
        text("not_found.lead"),
        link_button(translated(HomesState.way), href=HomesState.home),
        PageButton.create(text("not_found.back"), act="back", class_name="gc-button soft medium"),
    )


def crash(number: Child | None = None) -> rx.Component:
    """What stands in place of a page that broke in the browser; the boundary knows its number."""
    shown = rx.el.span(number, class_name="gc-mono") if number is not None else _FaultNumber.create()
    return fault(
        "500",
        text("crash.title"),
        rx.fragment(text("crash.lead"), " ", text("crash.number"), " ", shown),
        PageButton.create(
            icon("refresh-cw"), text("crash.reload"), act="reload", class_name="gc-button primary medium"
        ),
        rx.el.a(text("crash.home"), href=routes.HOME, class_name="gc-button soft medium"),
    )


def fault(code: str, title: TextLike, lead: Child, *actions: Child) -> rx.Component:
    """A number, what happened, whether anything was charged, and what to do."""
    return rx.el.div(
        rx.el.span(code, class_name="gc-fault-code gc-num"),
        rx.el.h1(title),
        rx.el.p(lead),
        rx.el.div(*actions, class_name="gc-row"),
        class_name="gc-fault",
    )


class _FaultBoundary(rx.Component):
    library = "$/public/fault.js"
    tag = "FaultBoundary"

    fallback: rx.Var[rx.Component]

    on_error: rx.EventHandler[on_error_spec]


def error_boundary(*, is_stateful: bool) -> rx.Component:
    """The boundary around every page; what it catches is logged by the server under the number shown."""
    report = FrontendEventExceptionState.handle_frontend_exception if is_stateful else rx.noop()
    return _FaultBoundary.create(fallback=rx.el.main(crash(), class_name="gc-fault-page"), on_error=report)
