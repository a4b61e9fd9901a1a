"""`/reset-password` and `/fee-center/reset-password`: where the link of the mail leads."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import ResetForm
from guance_portal.components.buttons import link_button, submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form, fragment_field
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.reset_password import ResetPasswordState


def reset_password() -> rx.Component:
    """For the console."""
    return _page(Realm.CONSOLE)


def fee_reset_password() -> rx.Component:
    """For the fee centre."""
    return _page(Realm.FEE_CENTER)


def _page(realm: Realm) -> rx.Component:
    return public_page(
        rx.cond(ResetPasswordState.is_done, _done(realm), _form(realm)),
        title=rx.cond(ResetPasswordState.is_done, text("reset.done_title"), text("reset.title")),
        lead=rx.cond(ResetPasswordState.is_done, text("reset.done"), text("reset.lead")),
        realm=text("realm.fee_center") if realm is Realm.FEE_CENTER else None,
        is_short=True,
    )


def _form(realm: Realm) -> rx.Component:
    state = ResetPasswordState
    forgot = routes.FORGOT_PASSWORD if realm is Realm.CONSOLE else routes.FEE_FORGOT_PASSWORD
    return form(
        rx.cond(
            state.is_link_dead,
            note(text("reset.dead"), tone="amber", action=link(text("reset.ask_again"), href=forgot), is_live=True),
            rx.fragment(),
        ),
        fragment_field("token", on_read=state.check_link),
        *form_fields(ResetForm, state, has_marks=False),
        submit(text("reset.submit"), busy=state.is_busy),
        on_submit=state.set_password,
        busy=state.is_busy,
        refusals=state.refusals,
        problems=state.problems,
        labels=form_labels(ResetForm),
    )


def _done(realm: Realm) -> rx.Component:
    return link_button(text("sign_in.submit"), href=routes.sign_in(realm), size="large", is_wide=True)


PAGES = (
    Page(
        route=routes.RESET_PASSWORD,
        build=reset_password,
        title="reset.title",
        on_load=ResetPasswordState.load_reset_password,
    ),
    Page(
        route=routes.FEE_RESET_PASSWORD,
        build=fee_reset_password,
        title="reset.title",
        on_load=ResetPasswordState.load_reset_password,
    ),
)
