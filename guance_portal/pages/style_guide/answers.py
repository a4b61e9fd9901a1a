"""The style guide's notes, empty, loading and failed panels, and faults."""

from __future__ import annotations

import reflex as rx

from guance_portal.components import faults
from guance_portal.components.buttons import button
from guance_portal.components.feedback import empty_state, failed_panel, note, skeleton
from guance_portal.components.icons import spinner
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.state.style_guide import StyleGuideState

_BARS = (60, 72, 64, 48, 44, 70, 78, 74, 80, 76, 52, 50, 82, 88)


def reconnect_sample() -> rx.Component:
    """The connection bar as it looks while the connection is away."""
    return rx.el.div(
        spinner(),
        rx.el.span(text("connection.lost"), text("connection.attempt", attempt=2), text("connection.kept")),
        button(text("connection.retry"), kind="link"),
        class_name="gc-reconnect still",
    )


def sections() -> list[rx.Component]:
    """Everything the portal answers."""
    return [
        _notes(),
        _empty(),
        _loading(),
        _failed(),
        panel(faults.not_found(), title="404"),
        panel(faults.crash("e-20260718c91a"), title="500"),
    ]


def _notes() -> rx.Component:
    return panel(
        rx.el.div(
            note(text("style_guide.note.limit")),
            note(text("style_guide.note.changed_text"), tone="green", title=text("style_guide.note.changed")),
            note(text("style_guide.note.low_text"), tone="amber", title=text("style_guide.note.low")),
            note(text("style_guide.note.refused_text"), tone="red", title=text("style_guide.note.refused")),
            note(text("style_guide.note.limit"), tone="indigo"),
            class_name="gc-sheet-lines",
        ),
        title=text("style_guide.notes"),
    )


def _empty() -> rx.Component:
    return panel(
        empty_state(
            text("style_guide.empty.title"),
            text("style_guide.empty.text"),
            icon_name="receipt-text",
            action=button(text("style_guide.act"), kind="secondary"),
        ),
        empty_state(
            text("style_guide.empty.nothing_found"),
            text("style_guide.empty.nothing_found_text"),
            icon_name="search-x",
            action=button(text("style_guide.empty.clear"), kind="soft"),
        ),
        title=text("style_guide.empties"),
    )


def _loading() -> rx.Component:
    return panel(
        rx.el.div(
            skeleton(width="72px"),
            skeleton(width="148px", height="28px"),
            skeleton(width="112px", height="12px"),
            rx.el.div(*(skeleton(height=f"{height}px") for height in _BARS), class_name="gc-bones-bars"),
            *(
                rx.el.div(
                    skeleton(width="30%"), skeleton(width="18%"), skeleton(width="14%"), class_name="gc-bones-row"
                )
                for _ in range(3)
            ),
            class_name="gc-loading still",
        ),
        title=text("style_guide.loading"),
    )


def _failed() -> rx.Component:
    return panel(
        failed_panel(text("style_guide.failed.title"), "r-7f3ac210", on_retry=StyleGuideState.say_unsaved),
        title=text("style_guide.failures"),
    )
