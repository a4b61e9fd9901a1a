"""`/forgot-password` and `/fee-center/forgot-password`: a link by mail."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import ConsoleLogin, FeeLogin
from guance_portal.components.base import Handler
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.core.actor import Realm
from guance_portal.core.forms import Form
from guance_portal.pages.page import Page
from guance_portal.state.forgot_password import ForgotPasswordState


def forgot_password() -> rx.Component:
    """For the console: site and e-mail."""
    return public_page(
        _form(ConsoleLogin, ForgotPasswordState.ask_in_console),
        _way_back(Realm.CONSOLE),
        title=text("forgot.title"),
        lead=text("forgot.lead"),
        is_short=True,
    )


def fee_forgot_password() -> rx.Component:
    """For the fee centre: username or e-mail."""
    return public_page(
        _form(FeeLogin, ForgotPasswordState.ask_in_fee_center),
        _way_back(Realm.FEE_CENTER),
        title=text("forgot.title"),
        lead=text("forgot.lead"),
        realm=text("realm.fee_center"),
        is_short=True,
    )


def _form(asked: type[Form], on_submit: Handler) -> rx.Component:
    state = ForgotPasswordState
    return rx.fragment(
        rx.cond(
            state.is_sent,
            note(text("forgot.sent"), title=text("forgot.sent_title"), tone="green", is_live=True),
            rx.fragment(),
        ),
        form(
            *form_fields(asked, state, has_marks=False),
            submit(rx.cond(state.is_sent, text("forgot.again"), text("forgot.submit")), busy=state.is_busy),
            on_submit=on_submit,
            busy=state.is_busy,
            refusals=state.refusals,
            problems=state.problems,
            labels=form_labels(asked),
        ),
    )


def _way_back(realm: Realm) -> rx.Component:
    return rx.el.p(link(text("forgot.back"), href=routes.sign_in(realm)), class_name="gc-form-foot")


PAGES = (
    Page(
        route=routes.FORGOT_PASSWORD,
        build=forgot_password,
        title="forgot.title",
        on_load=ForgotPasswordState.load_forgot_password,
    ),
    Page(
        route=routes.FEE_FORGOT_PASSWORD,
        build=fee_forgot_password,
        title="forgot.title",
        on_load=ForgotPasswordState.load_forgot_password,
    ),
)
