"""The panels of 空间设置: name and language, the facts, dissolving, and what stands there once it is dissolved."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import edition_badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, copy_button, link_button, submit
from guance_portal.components.effects import effect_list
from guance_portal.components.feedback import note
from guance_portal.components.forms import form
from guance_portal.components.layout import panel
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, stack, success, when
from guance_portal.components.sign_up.workspace_fields import workspace_fields
from guance_portal.state.workspace_settings.dissolve import DissolveState
from guance_portal.state.workspace_settings.page import WorkspaceSettingsState as State


def basic_panel() -> rx.Component:
    """Name and language: a form for owner and administrators, read by the other members."""
    return panel(
        rx.cond(State.is_manager, _form(), _read()),
        title=text("settings.basic"),
    )


def _form() -> rx.Component:
    return form(
        workspace_fields(State.problems, name=State.name, language=State.language, leave=State.leave),
        submit(text("settings.save"), busy=State.is_busy, size="medium", is_wide=False),
        on_submit=State.save_settings,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels={"name": text("settings.name"), "workspace_language": text("settings.language")},
        id="settings-form",
        key=State.openings,
    )


def _read() -> rx.Component:
    return stack(
        facts(
            (text("settings.name"), rx.el.span(State.name, **VERBATIM)),
            (
                text("settings.language"),
                rx.cond(State.language == "en", rx.el.span("English", lang="en"), rx.el.span("简体中文", lang="zh-CN")),
            ),
        ),
        note(text("settings.read_only", owner=State.owner)),
    )


def facts_panel() -> rx.Component:
    """What nobody changes here."""
    return panel(
        facts(
            (
                text("settings.id"),
                rx.el.span(
                    rx.el.code(
                        State.workspace_id, class_name="gc-id", custom_attrs={"data-verbatim": "", "data-scrolls": ""}
                    ),
                    copy_button(State.workspace_id, label=text("settings.copy_id")),
                    class_name="gc-id-row",
                ),
            ),
            (text("settings.site"), translated(State.site)),
            (text("settings.edition"), edition_badge(State.is_commercial)),
            (text("settings.opened"), translated(State.opened_at)),
            (text("settings.owner"), rx.el.span(State.owner, **VERBATIM)),
            (
                text("settings.retention"),
                rx.cond(State.is_commercial, text("settings.retention_commercial"), text("settings.retention_free")),
            ),
        ),
    )


def dissolve_panel() -> rx.Component:
    """What dissolving means and the way to it, for the owner; for all others whom to ask."""
    return panel(
        rx.cond(
            State.is_owner,
            stack(
                effect_list(State.rows),
                rx.el.div(button(text("settings.dissolve"), kind="danger", on_click=DissolveState.open_dissolve)),
            ),
            note(text("settings.dissolve_owner", owner=State.owner)),
        ),
        title=text("settings.dissolve"),
        lead=when(State.is_owner, rx.el.span(text("settings.dissolve_lead", name=State.name), **VERBATIM)),
    )


def dissolved() -> rx.Component:
    """What was done, until the page is left."""
    return rx.fragment(
        success(
            rx.el.span(text("settings.gone", name=DissolveState.gone), **VERBATIM),
            rx.cond(
                DissolveState.was_commercial,
                text("settings.gone_lead", at=translated(DissolveState.gone_at), email=DissolveState.email),
                text("settings.gone_lead_free", at=translated(DissolveState.gone_at), email=DissolveState.email),
            ),
        ),
        when(DissolveState.was_commercial, note(text("settings.gone_money"))),
        rx.el.div(
            rx.cond(
                DissolveState.has_others,
                link_button(text("settings.gone_next"), href=routes.BILLING),
                link_button(text("settings.gone_new"), href=routes.WORKSPACES_NEW),
            ),
            class_name="gc-centred",
        ),
    )
