"""`/register/free`: 体验版 in one page."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.components.base import Child
from guance_portal.components.buttons import submit
from guance_portal.components.choices import switch
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.sign_in import handover, have_account
from guance_portal.components.sign_up.agreements import agreement_field
from guance_portal.components.sign_up.steps import basic_fields, registered_note
from guance_portal.onboarding.basic import BasicForm
from guance_portal.pages.page import Page
from guance_portal.state.sign_up.basic import SignUpBasicState as State


def register_free() -> rx.Component:
    """The one page of 体验版."""
    return public_page(
        registered_note(State),
        form(
            *basic_fields(_username_help()),
            _fee_switch(),
            agreement_field(Edition.FREE, problem=State.problems["agreements"]),
            submit(text("sign_up.register"), busy=State.is_busy),
            _way_to_commercial(),
            on_submit=State.register_free,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels=form_labels(BasicForm),
        ),
        handover(State.ticket, routes.WELCOME),
        title=text("sign_up.free_title"),
        lead=text("sign_up.free_lead"),
        aside=have_account(),
    )


def _username_help() -> Child:
    return rx.cond(State.opens_fee_account, text("sign_up.username_help"), text("sign_up.username_help_free"))


def _fee_switch() -> rx.Component:
    return rx.el.div(
        switch(
            "opens_fee_account",
            text("sign_up.switch_fee"),
            default_checked=State.opens_fee_account,
            key=f"switch-{State.version}",
            on_change=State.save_switch,
        ),
        rx.el.span(text("sign_up.switch_fee_help"), class_name="gc-help"),
        class_name="gc-field",
    )


def _way_to_commercial() -> rx.Component:
    return rx.el.div(
        rx.el.p(text("sign_up.want_commercial"), " ", link(text("sign_up.to_commercial"), href=routes.REGISTER_BASIC)),
        class_name="gc-form-foot",
    )


PAGE = Page(route=routes.REGISTER_FREE, build=register_free, title="sign_up.free_title", on_load=State.load_free)
