"""What lists of operators' acts share."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.messages import translated


def act_state(row: Any) -> rx.Component:
    """Where an act stands."""
    settled = rx.cond(row.tone == "green", badge(translated(row.state), tone="green"), badge(translated(row.state)))
    return rx.cond(row.tone == "amber", badge(translated(row.state), tone="amber"), settled)
