"""The choice of an edition."""

from __future__ import annotations

from typing import Literal

import reflex as rx
from typing_extensions import TypedDict

from guance_portal import routes
from guance_portal.state.audience import ANYONE, audience


class _Form(TypedDict):
    edition: Literal["free", "commercial"]


class RegisterState(rx.State):
    """Leads to the sign-up of the chosen edition."""

    @audience(ANYONE)
    @rx.event
    def register(self, form: _Form) -> rx.event.EventSpec:
        """立即注册."""
        return rx.redirect(routes.REGISTER_FREE if form["edition"] == "free" else routes.REGISTER_BASIC)
