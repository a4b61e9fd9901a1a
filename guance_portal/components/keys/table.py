"""The keys of a workspace, and how to use one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, copy_button
from guance_portal.components.feedback import empty_state, loading, note, skeleton
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, stack
from guance_portal.components.table import Column, table
from guance_portal.core.messages import Text
from guance_portal.state.keys.create import CreateKeyState
from guance_portal.state.keys.table import KeysState as State


def keys_panel() -> rx.Component:
    """The list; for members without the right to it, whom to ask."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(State.is_refused, note(text("keys.refused")), rx.cond(State.rows.length() > 0, _table(), _empty())),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        is_flush=True,
    )


def create_button() -> rx.Component:
    """创建密钥, for those who may."""
    return rx.cond(
        State.is_loaded & ~State.is_refused,
        button(text("keys.create"), icon_name="plus", on_click=CreateKeyState.open_create),
        rx.fragment(),
    )


_EVENT = (
    '{"specversion": "1.0", "id": "\'"$(date +%s)"\'", "source": "/jobs", "type": "com.guance.usage.tasks",'
    ' "time": "\'"$(date -u +%FT%TZ)"\'", "data": {"quantity": "12"}}'
)
_REQUEST = f"""{routes.API_USAGE}" -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/cloudevents+json" \\
  -d '{_EVENT}'"""
"""What follows the portal's address in a command that reports twelve calls of tasks."""


def usage_panel() -> rx.Component:
    """How a program reports usage."""
    command = rx.Var.create('curl "') + State.address + _REQUEST
    return panel(
        stack(
            rx.el.p(text("keys.how_lead")),
            rx.el.div(rx.el.pre(command, **VERBATIM), class_name="gc-command"),
            rx.el.div(copy_button(command, label=text("keys.how_copy"))),
            rx.el.p(text("keys.how_more", path=routes.API_USAGE), class_name="gc-muted"),
        ),
        title=text("keys.how"),
    )


def _table() -> rx.Component:
    return table(
        (
            Column(text("keys.name"), _name, phone="main"),
            Column(text("keys.scopes"), _scopes),
            Column(text("keys.created"), _created, phone="line"),
            Column(text("keys.last_used"), lambda row: translated(row.last_used_at)),
            Column(text("keys.actions"), _acts, is_end=True),
        ),
        State.rows,
        label=text("keys.title"),
    )


def _empty() -> rx.Component:
    return empty_state(
        text("keys.none"),
        text("keys.none_lead"),
        icon_name="key-round",
        action=button(text("keys.create"), kind="secondary", on_click=CreateKeyState.open_create),
    )


def _name(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.b(row.name, **VERBATIM),
        rx.el.small(rx.el.code(row.beginning + "…"), class_name="gc-muted", **VERBATIM),
        class_name="gc-stacked",
    )


def _scopes(row: Any) -> rx.Component:
    return rx.el.span(rx.foreach(row.scopes, _scope), class_name="gc-row")


def _scope(scope: rx.Var[Text]) -> rx.Component:
    return badge(translated(scope))


def _created(row: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(translated(row.created_at)),
        rx.el.small(row.creator, class_name="gc-muted", **VERBATIM),
        class_name="gc-stacked",
    )


def _acts(row: Any) -> rx.Component:
    return button(text("keys.delete"), kind="link", on_click=State.open_deletion(row.id))
