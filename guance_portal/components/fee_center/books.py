"""账目核对: each rule in words with its result, the head of the chain, and a check on the spot."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.buttons import button
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.state.fee_center.books import BooksState as State


def books_panel() -> rx.Component:
    """The panel below the statement."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.el.div(
                rx.el.div(
                    rx.el.p(translated(State.last), class_name="gc-muted"),
                    when(State.rules.length() > 0, _verdict()),
                    class_name="gc-spread gc-row",
                ),
                rx.el.ul(rx.foreach(State.rules, _rule), class_name="gc-own-rules", aria_label=text("books.rules")),
                when(
                    State.has_books,
                    rx.el.p(
                        text("books.chain"),
                        " ",
                        rx.el.code(State.chain, class_name="gc-trade", **VERBATIM),
                        class_name="gc-small-note gc-chain",
                    ),
                ),
                rx.el.div(
                    button(
                        text("books.check"),
                        kind="secondary",
                        size="small",
                        busy=State.is_checking,
                        on_click=State.check_books,
                    ),
                    custom_attrs=attributes(aria_live="polite"),
                ),
                class_name="gc-stack",
            ),
            loading(skeleton(height="96px")),
        ),
        title=text("books.title"),
        lead=text("books.lead"),
    )


def stopped_note() -> rx.Component:
    """Why money acts wait, on each page of the wallet."""
    return when(
        State.stopped.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
        note(translated(State.stopped), tone="red", title=text("books.stopped_title")),
    )


def _verdict() -> rx.Component:
    return rx.cond(State.is_whole, badge(text("books.whole"), tone="green"), badge(text("books.not_whole"), tone="red"))


def _rule(row: Any) -> rx.Component:
    is_broken = row.problem.zh != ""
    return rx.el.li(
        rx.cond(
            is_broken,
            rx.el.span(icon("x", 14), class_name="gc-rule-mark broken"),
            rx.el.span(icon("check", 14), class_name="gc-rule-mark"),
        ),
        rx.el.span(
            translated(row.text),
            rx.cond(
                is_broken,
                rx.el.small(translated(row.problem)),
                rx.el.small(text("books.holds"), class_name="gc-hidden"),
            ),
        ),
    )
