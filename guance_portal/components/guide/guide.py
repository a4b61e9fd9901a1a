"""Pieces of the guide: its steps, the progress, help, and what is shown without a workspace."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Child, TextLike, attributes
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import empty_state
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.state.guide import GuideState as State


def step(
    number: int,
    title: TextLike,
    *children: Child,
    is_done: rx.Var[bool],
    actions: rx.Component | None = None,
) -> rx.Component:
    """One numbered step of the guide, ticked once it is done."""
    return rx.el.section(
        rx.el.span(
            rx.cond(
                is_done,
                rx.fragment(icon("check", 14), rx.el.span(text("guide.is_done"), class_name="gc-hidden")),
                rx.el.span(str(number), custom_attrs=attributes(aria_hidden=True)),
            ),
            class_name="gc-guide-number",
        ),
        rx.el.div(
            rx.el.div(rx.el.h2(title), *([actions] if actions is not None else []), class_name="gc-guide-head"),
            *children,
            class_name="gc-guide-body",
        ),
        class_name=rx.cond(is_done, "gc-guide-step done", "gc-guide-step"),
    )


def progress_panel() -> rx.Component:
    """Three things; data may come from elsewhere than a DataKit."""
    done = rx.cond(State.has_arrived, rx.cond(State.is_installed, 3, 2), 1)
    return panel(
        rx.el.p(text("guide.done_of", done=done), class_name="gc-muted"),
        rx.el.progress(value=done, max=3, class_name="gc-bar", aria_label=text("guide.progress")),
        rx.el.ul(
            _done(text("guide.done_workspace"), rx.Var.create(value=True)),
            _done(text("guide.done_install"), State.is_installed),
            _done(text("guide.done_data"), State.has_arrived),
            class_name="gc-guide-list",
        ),
        title=text("guide.progress"),
    )


def _done(words: TextLike, is_done: rx.Var[bool]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            is_done,
            rx.fragment(
                icon("circle-check", class_name="gc-good"), rx.el.span(text("guide.is_done"), class_name="gc-hidden")
            ),
            icon("circle"),
        ),
        rx.el.span(words),
    )


def help_panel() -> rx.Component:
    """What to look at when nothing comes."""
    topics = (("network", "network"), ("token", "key-round"), ("proxy", "waypoints"), ("logs", "scroll-text"))
    return _topics("help", topics)


def more_panel() -> rx.Component:
    """What to send next."""
    topics = (("logs", "scroll-text"), ("traces", "waypoints"), ("visits", "mouse-pointer-click"), ("dial", "radar"))
    return _topics("more", topics)


def _topics(name: str, topics: tuple[tuple[str, str], ...]) -> rx.Component:
    return panel(
        *(
            rx.el.details(
                rx.el.summary(icon(shown), rx.el.span(text(f"guide.{name}_{topic}")), icon("chevron-down", 14)),
                rx.el.p(text(f"guide.{name}_{topic}_text", gateway=State.gateway)),
                class_name="gc-help",
            )
            for topic, shown in topics
        ),
        title=text(f"guide.{name}"),
    )


def nowhere() -> rx.Component:
    """For anyone who has no workspace: finish signing up, or open one."""
    return rx.cond(
        State.is_waiting_for_settlement,
        _empty("guide.unfinished", routes.REGISTER_SETTLEMENT),
        _empty("guide.nowhere", routes.WORKSPACES_NEW),
    )


def _empty(words: str, href: str) -> rx.Component:
    return panel(
        empty_state(
            text(f"{words}_title"),
            text(f"{words}_lead"),
            icon_name="layout-grid",
            action=link_button(text(f"{words}_action"), href=href),
        )
    )
