"""The dialog that asks for the name of the workspace before it is dissolved."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.feedback import note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.messages import text
from guance_portal.onboarding.dissolution import CONFIRMED
from guance_portal.state.workspace_settings.dissolve import DissolveForm
from guance_portal.state.workspace_settings.dissolve import DissolveState as State
from guance_portal.state.workspace_settings.page import WorkspaceSettingsState


def dissolve_dialog() -> rx.Component:
    """It stands at the end of the page."""
    name = WorkspaceSettingsState.name
    return form_dialog(
        note(text("settings.dissolve_warning"), tone="red"),
        hidden_field("workspace", WorkspaceSettingsState.workspace_id),
        *form_fields(
            DissolveForm,
            State,
            confirmed_name={"help": rx.el.span(text("settings.dissolve_name_help", name=name), **VERBATIM)},
        ),
        state=State,
        labels={CONFIRMED: text("settings.name")},
        id="dissolve-workspace",
        title=text("settings.dissolve"),
        confirm=text("settings.dissolve"),
        kind="danger",
        on_submit=State.dissolve,
        is_open=State.is_open,
        on_close=State.close_dissolve,
        key=State.openings,
    )
