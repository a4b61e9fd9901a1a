"""Parts of every page: skip link, page header, panel, sandbox strip."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal.components.base import Child, TextLike, classes
from guance_portal.components.feedback import toast_region
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.state.session import ViewerState

MAIN = "main"


def frame(*children: Child, class_name: str) -> rx.Component:
    """What every shell has around it: skip link, sandbox strip, notices."""
    return rx.el.div(
        skip_link(),
        rx.el.section(
            icon("flask-conical", 14),
            text("page.sandbox"),
            when(
                ViewerState.business_time.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
                rx.el.span(text("page.business_time", time=translated(ViewerState.business_time))),
            ),
            class_name="gc-sandbox",
            aria_label=text("page.sandbox_label"),
        ),
        *children,
        toast_region(),
        class_name=classes("gc-frame", class_name),
    )


def skip_link() -> rx.Component:
    """The first stop of the Tab key, over the navigation."""
    return A.create(text("page.skip"), href=f"#{MAIN}", class_name="gc-skip")


def main(*children: Child, class_name: str) -> rx.Component:
    """The main region, where the skip link leads."""
    return rx.el.main(*children, id=MAIN, tab_index=-1, class_name=class_name)


def page_header(
    title: TextLike,
    *,
    badge: rx.Component | None = None,
    lead: Child | None = None,
    actions: Child | None = None,
    back: tuple[TextLike, str | rx.Var[str]] | None = None,
) -> rx.Component:
    """Title of a page with badge, sentence, actions on the right, and a way back (words, address) above."""
    above = [link(icon("arrow-left", 14), back[0], href=back[1], class_name="gc-back")] if back else []
    return rx.el.div(
        rx.el.div(
            *above,
            rx.el.div(rx.el.h1(title), *([badge] if badge is not None else []), class_name="gc-page-title"),
            *([rx.el.p(lead)] if lead is not None else []),
        ),
        *([rx.el.div(actions, class_name="gc-actions")] if actions is not None else []),
        class_name="gc-page-header",
    )


def panel(
    *children: Child,
    title: Child | None = None,
    lead: Child | None = None,
    actions: Child | None = None,
    is_flush: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A white panel; `is_flush` gives tables the whole width."""
    head = (
        [
            rx.el.header(
                rx.el.div(rx.el.h2(title), *([rx.el.p(lead)] if lead is not None else [])),
                *([rx.el.div(actions, class_name="gc-actions")] if actions is not None else []),
                class_name="gc-panel-head",
            )
        ]
        if title is not None
        else []
    )
    body = list(children) if is_flush else [rx.el.div(*children, class_name="gc-panel-body")]
    return rx.el.section(*head, *body, class_name=classes("gc-panel", class_name), **props)


def stack(*children: Child) -> rx.Component:
    """Panels below each other."""
    return rx.el.div(*children, class_name="gc-stack")


def columns(*children: Child) -> rx.Component:
    """Beside each other while there is room."""
    return rx.el.div(*children, class_name="gc-two-columns")


def when(condition: rx.Var[bool], child: rx.Component) -> rx.Component:
    """The child while the condition holds, else nothing."""
    return rx.cond(condition, child, rx.fragment())


def success(title: Child, lead: Child) -> rx.Component:
    """The head of a page that says what has been done."""
    return rx.el.header(
        rx.el.span(icon("check", 28), class_name="gc-success-mark"),
        rx.el.h1(title),
        rx.el.p(lead),
        class_name="gc-success",
    )


def facts(*rows: tuple[TextLike, Child]) -> rx.Component:
    """Names and values, the values on the right."""
    return rx.el.dl(*(rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in rows), class_name="gc-facts")
