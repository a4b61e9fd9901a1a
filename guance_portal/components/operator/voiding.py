"""The dialog that voids the unused codes of a batch."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.feedback import note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.messages import text
from guance_portal.components.page_parts import facts, when
from guance_portal.state.operator.voiding import VoidForm
from guance_portal.state.operator.voiding import VoidingState as State


def void_action(row: Any) -> rx.Component:
    """作废, while something is left to void."""
    ask: Any = State.ask
    return when(
        row.unused != "0", button(text("voiding.title"), kind="link", on_click=ask(row.id, row.name, row.unused))
    )


def void_dialog() -> rx.Component:
    """What it means, why, the act."""
    return form_dialog(
        *form_fields(VoidForm, State),
        state=State,
        form_of=VoidForm,
        id="void-codes",
        title=text("voiding.title"),
        above=(
            note(text("voiding.means"), tone="amber"),
            facts(
                (text("money_admin.name"), rx.el.span(State.name, **VERBATIM)),
                (text("money_admin.unused"), State.unused),
            ),
        ),
        confirm=text("voiding.act"),
        kind="danger",
        on_submit=State.void,
        is_open=State.batch != "",
        on_close=State.close,
    )
