"""`/forgot-password` and `/fee-center/forgot-password`: a link by mail."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Words
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.fields import text_field
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.sites import site_field
from guance_portal.components.words import t
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.state.forgot_password import ForgotPasswordState


def forgot_password() -> rx.Component:
    """For the console: site and e-mail."""
    return public_page(
        _form(t("sign_in.email"), "email", site_field("site", problem=ForgotPasswordState.problems["site"])),
        _way_back(Realm.CONSOLE),
        title=t("forgot.title"),
        lead=t("forgot.lead"),
        is_short=True,
    )


def fee_forgot_password() -> rx.Component:
    """For the fee centre: username or e-mail."""
    return public_page(
        _form(t("fee_sign_in.login"), "text", None),
        _way_back(Realm.FEE_CENTER),
        title=t("forgot.title"),
        lead=t("forgot.lead"),
        realm=t("realm.fee_center"),
        is_short=True,
    )


def _form(login_label: Words, login_type: Literal["email", "text"], above: rx.Component | None) -> rx.Component:
    state = ForgotPasswordState
    return rx.fragment(
        rx.cond(
            state.is_sent,
            note(t("forgot.sent"), title=t("forgot.sent_title"), tone="green", is_live=True),
            rx.fragment(),
        ),
        form(
            *([above] if above is not None else []),
            text_field(
                "login",
                login_label,
                type=login_type,
                problem=state.problems["login"],
                auto_complete="username",
                auto_capitalize="none",
                spell_check=False,
                max_length=254,
            ),
            submit(rx.cond(state.is_sent, t("forgot.again"), t("forgot.submit")), busy=state.is_busy),
            on_submit=state.ask,
            busy=state.is_busy,
            refusals=state.refusals,
            problems=state.problems,
            labels={"site": t("sign_in.site"), "login": login_label},
        ),
    )


def _way_back(realm: Realm) -> rx.Component:
    return rx.el.p(link(t("forgot.back"), href=routes.sign_in(realm)), class_name="gc-form-foot")


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
