"""The choice of an edition."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.core.forms import Form
from guance_portal.onboarding.forms import EditionName
from guance_portal.state.audience import ANYONE, audience


class EditionForm(Form):
    """Which edition is wanted."""

    edition: EditionName = "commercial"


class RegisterState(rx.State):
    """Leads to the sign-up of the chosen edition."""

    @audience(ANYONE)
    @rx.event
    def register(self, form: EditionForm) -> rx.event.EventSpec:
        """立即注册."""
        return rx.redirect(routes.REGISTER_FREE if form.edition == "free" else routes.REGISTER_BASIC)
