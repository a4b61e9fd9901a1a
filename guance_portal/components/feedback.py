"""What the portal answers: notes, short notices, the connection bar, empty, loading and failed panels."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.core.banner import connect_error_var_data

from guance_portal.components.base import Child, Handler, TextLike, attributes, given
from guance_portal.components.buttons import button
from guance_portal.components.icons import icon, spinner
from guance_portal.components.messages import text, translated
from guance_portal.state.notice import NoticeState

_ERRORS: rx.Var[Any] = rx.Var("connectErrors", _var_data=connect_error_var_data)
Tone = Literal["gray", "indigo", "green", "amber", "red"]
_ICONS: dict[Tone, str] = {
    "gray": "info",
    "indigo": "info",
    "green": "circle-check",
    "amber": "triangle-alert",
    "red": "circle-alert",
}


class _Toast(rx.Component):
    library = "$/public/notices.js"
    tag = "Toast"

    serial: rx.Var[int]
    problem: rx.Var[bool]
    message: rx.Var[str]
    detail: rx.Var[str]
    icon: rx.Var[rx.Component]
    problem_icon: rx.Var[rx.Component]
    close_icon: rx.Var[rx.Component]
    close_label: rx.Var[str]

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class _Reconnect(rx.Component):
    library = "$/public/notices.js"
    tag = "Reconnect"

    ready: rx.Var[bool]
    errors: rx.Var[list[Any]]
    words: rx.Var[list[str]]
    unsure: rx.Var[str]
    retry_label: rx.Var[str]
    close_label: rx.Var[str]
    spinner: rx.Var[rx.Component]


def note(
    *children: Child,
    tone: Tone = "gray",
    title: TextLike | None = None,
    icon_name: str | None = None,
    action: rx.Component | None = None,
    is_live: bool = False,
) -> rx.Component:
    """A note in the page; `is_live` reads it aloud when it appears (red ones interrupt)."""
    heading = [rx.el.b(title)] if title is not None else []
    beside = [rx.el.div(action, class_name="gc-note-action")] if action is not None else []
    role = ("alert" if tone == "red" else "status") if is_live else None
    return rx.el.div(
        rx.el.span(icon(icon_name or _ICONS[tone]), class_name="gc-note-icon"),
        rx.el.div(*heading, *([rx.el.div(*children)] if children else []), class_name="gc-note-body"),
        *beside,
        class_name=f"gc-note {tone}",
        **given(role=role),
    )


def toast_region() -> rx.Component:
    """Where short notices appear; every shell holds one. Say something with `PageMixin._say`."""
    return _Toast.create(
        serial=NoticeState.serial,
        problem=NoticeState.is_problem,
        message=translated(NoticeState.message),
        detail=translated(NoticeState.detail),
        icon=icon("circle-check", 18),
        problem_icon=icon("circle-alert", 18),
        close_icon=icon("x", 14),
        close_label=text("notice.close"),
        on_close=NoticeState.dismiss,
        class_name="gc-toasts",
    )


def reconnect_bar() -> rx.Component:
    """The amber bar while the connection is away, and when what was done before may be lost; every page has it."""
    return _Reconnect.create(
        ready=rx.State.is_hydrated,
        errors=_ERRORS,
        words=[text("connection.lost"), text("connection.attempt", attempt="{attempt}"), text("connection.kept")],
        unsure=text("connection.unsure"),
        retry_label=text("connection.retry"),
        close_label=text("connection.understood"),
        spinner=spinner(),
        class_name="gc-reconnect",
    )


def empty_state(
    title: TextLike, lead: Child, *, icon_name: str = "inbox", action: rx.Component | None = None
) -> rx.Component:
    """What is missing, when it appears, and one thing to do."""
    below = [action] if action is not None else []
    return rx.el.div(
        rx.el.span(icon(icon_name, 22), class_name="gc-tile"),
        rx.el.b(title),
        rx.el.p(lead),
        *below,
        class_name="gc-empty",
    )


def failed_panel(title: TextLike, request_number: TextLike, *, on_retry: Handler) -> rx.Component:
    """A panel that failed alone: what, its number, and a way to try again."""
    return rx.el.div(
        rx.el.span(icon("cloud-off", 22), class_name="gc-tile red"),
        rx.el.b(title),
        rx.el.p(
            text("panel.failed"), " ", text("panel.request"), " ", rx.el.span(request_number, class_name="gc-mono")
        ),
        button(text("panel.retry"), kind="secondary", icon_name="refresh-cw", on_click=on_retry),
        class_name="gc-empty",
        role="alert",
    )


def skeleton(*, width: str = "100%", height: str = "14px") -> rx.Component:
    """One grey bar in the place of what is still loading."""
    return rx.el.span(class_name="gc-bone", style={"width": width, "height": height})


def loading(*bones: rx.Component) -> rx.Component:
    """Bones in the final shape; they appear after 200 ms, so that quick answers do not flicker."""
    return rx.el.div(
        rx.el.span(text("panel.loading"), class_name="gc-hidden"),
        *bones,
        class_name="gc-loading",
        role="status",
        custom_attrs=attributes(aria_busy=True),
    )
