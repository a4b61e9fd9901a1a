"""The mark of what the page was drawn for, and the dialog that says when it no longer fits the session."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import VERBATIM, is_set
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.faults import PageButton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.state.connection import MARK_ID
from guance_portal.state.shown import ShownState
from guance_portal.state.workspace import WorkspaceState


def shown_mark() -> rx.Component:
    """Stands in every page, unseen; the browser reads it whenever somebody acts (build/shown_mark.py)."""
    return rx.el.span(id=MARK_ID, hidden=True, custom_attrs={"data-mark": ShownState.mark})


def out_of_date_dialog() -> rx.Component:
    """A dialog above all others: what was typed below it stays, and can be sent after going back."""
    return dialog(
        rx.el.p(translated(ShownState.problem), **VERBATIM),
        rx.el.p(text("shown.kept"), class_name="gc-muted"),
        id="page-out-of-date",
        title=text("shown.title"),
        is_open=is_set(ShownState.problem),
        on_close=WorkspaceState.close_out_of_date,
        footer=(
            cancel_button(text("shown.close")),
            PageButton.create(
                icon("refresh-cw"), text("shown.reload"), act="reload", class_name="gc-button secondary medium"
            ),
            rx.cond(
                ShownState.back_to != "",
                button(
                    text("shown.back"),
                    " ",
                    rx.el.span(ShownState.back_name, **VERBATIM),
                    on_click=WorkspaceState.return_to(ShownState.back_to),
                ),
                rx.fragment(),
            ),
        ),
        is_alert=True,
    )
