"""The dialog that asks for the name of the workspace before it is dissolved."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import form
from guance_portal.components.messages import text
from guance_portal.onboarding.dissolution import CONFIRMED
from guance_portal.state.workspace_settings.dissolve import DissolveForm
from guance_portal.state.workspace_settings.dissolve import DissolveState as State
from guance_portal.state.workspace_settings.page import WorkspaceSettingsState


def dissolve_dialog() -> rx.Component:
    """It stands at the end of the page."""
    name = WorkspaceSettingsState.name
    return dialog(
        form(
            note(text("settings.dissolve_warning"), tone="red"),
            rx.el.input(type="hidden", name="workspace", value=WorkspaceSettingsState.workspace_id, read_only=True),
            *form_fields(
                DissolveForm,
                State,
                confirmed_name={"help": rx.el.span(text("settings.dissolve_name_help", name=name), **VERBATIM)},
            ),
            on_submit=State.dissolve,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels={CONFIRMED: text("settings.name")},
            id="dissolve-form",
            key=State.openings,
        ),
        id="dissolve-workspace",
        title=text("settings.dissolve"),
        is_open=State.is_open,
        on_close=State.close_dissolve,
        footer=(
            cancel_button(),
            button(text("settings.dissolve"), kind="danger", busy=State.is_busy, type="submit", form="dissolve-form"),
        ),
        busy=State.is_busy,
    )
