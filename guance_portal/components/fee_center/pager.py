"""How many there are of a long list, and the way to its next page."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import TextLike
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import when


def pager(state: Any, count: TextLike) -> rx.Component:
    """`state` has the vars page, pages, newer and older; the last two are empty where there is nothing."""
    return rx.el.div(
        rx.el.span(count),
        when(
            state.pages > 1,
            rx.el.nav(
                when(state.newer != "", link(text("records.newer"), href=state.newer)),
                rx.el.span(text("records.page", page=state.page, pages=state.pages)),
                when(state.older != "", link(text("records.older"), href=state.older)),
                aria_label=text("records.pages"),
                class_name="gc-row",
            ),
        ),
        class_name="gc-table-foot gc-spread",
    )
