"""Data that was refused, with the reason and what to do; screen readers announce it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import link_button
from guance_portal.components.feedback import note
from guance_portal.components.messages import translated
from guance_portal.state.not_taken import NotTaken


def not_taken_notes(rows: ArrayVar[Sequence[NotTaken]]) -> rx.Component:
    """A note for each reason; nothing while everything is taken."""
    return rx.cond(
        rows.length() > 0,
        rx.el.div(rx.foreach(rows, _note), class_name="gc-stack gc-not-taken"),
        rx.fragment(),
    )


def _note(row: Any) -> rx.Component:
    return note(
        rx.el.p(translated(row.lead)),
        rx.cond(row.detail != "", rx.el.p(rx.el.code(row.detail, **VERBATIM)), rx.fragment()),
        rx.el.p(translated(row.at), class_name="gc-muted"),
        tone="amber",
        title=translated(row.title),
        action=rx.cond(row.href != "", link_button(translated(row.action), href=row.href), rx.fragment()),
        is_live=True,
    )
