"""Panels every realm's account page has: change the password, see and end sessions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.accounts.sessions.forms import ChangeForm
from guance_portal.components.badges import badge
from guance_portal.components.buttons import button, submit
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.form_dialog import question
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel
from guance_portal.components.sign_in import leave_form
from guance_portal.components.table import Column, table
from guance_portal.core.actor import Realm
from guance_portal.state.devices import DevicesState
from guance_portal.state.password import PasswordState


def password_panel() -> rx.Component:
    """Change the password; the current one is asked for."""
    state = PasswordState
    return panel(
        form(
            *form_fields(ChangeForm, state, has_marks=False),
            submit(text("security.change"), busy=state.is_busy, size="medium", is_wide=False),
            on_submit=state.change_password,
            busy=state.is_busy,
            refusals=state.refusals,
            problems=state.problems,
            labels=form_labels(ChangeForm),
            key=state.changes,
        ),
        title=text("security.password_title"),
        lead=text("security.password_lead"),
    )


def devices_panel(realm: Realm) -> rx.Component:
    """Where this person is signed in, with the ways to end it."""
    return panel(
        rx.cond(
            DevicesState.is_loaded,
            table(
                (
                    Column(text("security.device"), _device, phone="main"),
                    Column(text("security.place"), lambda row: translated(row.place)),
                    Column(text("security.opened"), lambda row: translated(row.opened_at), phone="line"),
                    Column(text("security.last_seen"), lambda row: translated(row.last_seen_at)),
                    Column(text("security.action"), _end_one, is_end=True, phone="main"),
                ),
                DevicesState.rows,
                label=text("security.sessions_title"),
            ),
            loading(skeleton(height="44px"), skeleton(height="44px")),
        ),
        _end_all_dialog(),
        leave_form(realm, DevicesState.has_left),
        title=text("security.sessions_title"),
        lead=text("security.sessions_lead"),
        actions=rx.fragment(
            button(
                text("security.end_others"),
                kind="secondary",
                on_click=DevicesState.end_others,
                busy=DevicesState.is_busy,
            ),
            button(text("security.end_everything"), kind="soft", on_click=DevicesState.open_end_all),
        ),
        is_flush=True,
    )


def _device(row: Any) -> rx.Component:
    mark = rx.cond(row.is_current, badge(text("security.current_device"), tone="green"), rx.fragment())
    return rx.el.span(translated(row.device), " ", mark)


def _end_one(row: Any) -> rx.Component:
    return rx.cond(
        row.is_current,
        rx.fragment(),
        button(text("security.end"), kind="link", on_click=DevicesState.end_one(row.id)),
    )


def _end_all_dialog() -> rx.Component:
    return question(
        rx.el.p(text("security.end_all_lead")),
        id="end-all",
        title=text("security.end_all_title"),
        confirm=text("security.end_all_confirm"),
        on_confirm=DevicesState.end_all,
        is_open=DevicesState.is_ending_all,
        on_close=DevicesState.close_end_all,
        busy=DevicesState.is_busy,
    )
