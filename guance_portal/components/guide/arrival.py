"""The guide's status: 等待数据, and by itself 已收到数据 with what has come."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import note
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.not_taken import not_taken_notes
from guance_portal.components.page_parts import when
from guance_portal.components.waiting import after, elapsed
from guance_portal.state.guide import GuideState as State

LATE_SECONDS = 60
"""Data of a fresh DataKit comes within a minute: after that help is offered."""


def status() -> rx.Component:
    """等待数据, then 已收到数据; read aloud once, when it changes."""
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.cond(State.has_arrived, text("guide.received"), text("guide.waiting")),
                class_name="gc-guide-status",
                role="status",
            ),
            rx.cond(State.has_arrived, _received(), _waiting()),
            class_name=rx.cond(State.has_arrived, "gc-arrival here", "gc-arrival"),
        ),
        not_taken_notes(State.not_taken),
        rx.cond(
            State.has_arrived | (State.not_taken.length() > 0),
            rx.fragment(),
            after(
                LATE_SECONDS,
                note(text("guide.late_lead"), tone="amber", title=text("guide.late"), icon_name="life-buoy"),
            ),
        ),
        class_name="gc-stack",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        rx.el.span(class_name="gc-pulse", custom_attrs=attributes(aria_hidden=True)),
        rx.el.div(
            rx.el.b(text("guide.listening")),
            rx.el.p(text("guide.usually"), " ", elapsed(text("guide.elapsed", time="{time}"))),
        ),
        class_name="gc-arrival-row",
    )


def _received() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(icon("check", 18), class_name="gc-arrival-mark"),
            rx.el.div(
                rx.cond(
                    State.host != "",
                    rx.el.b(
                        text("guide.host_before"),
                        rx.el.code(State.host, **VERBATIM),
                        text("guide.host_after"),
                    ),
                    rx.el.b(text("guide.no_host")),
                ),
                rx.el.p(text("guide.first_at", time=translated(State.first_at))),
            ),
            when(State.is_manager, link_button(text("guide.see_usage"), href=routes.BILLING)),
            class_name="gc-arrival-row",
        ),
        rx.el.dl(rx.foreach(State.rows, _count), class_name="gc-counts", aria_label=text("guide.counts")),
    )


def _count(row: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(translated(row.name)), rx.el.dd(row.points, class_name="gc-num"))
