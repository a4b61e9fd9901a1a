"""`/register`: a comparison of the editions, and the choice."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.forms import plain_form
from guance_portal.components.layout import wide_page
from guance_portal.components.messages import text
from guance_portal.components.sign_in import have_account
from guance_portal.components.sign_up.editions import comparison, edition_cards
from guance_portal.pages.page import Page
from guance_portal.state.sign_up.editions import RegisterState


def register() -> rx.Component:
    """The choice of an edition."""
    return wide_page(
        plain_form(
            edition_cards(),
            note(text("register.one_way")),
            submit(text("register.go")),
            on_submit=RegisterState.register,
        ),
        heading=text("register.title"),
        lead=text("register.lead"),
        aside=have_account(),
        below=(text("register.compare"), text("register.compare_lead"), comparison()),
    )


PAGE = Page(route=routes.REGISTER, build=register, title="register.title")
