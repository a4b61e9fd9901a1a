"""Pieces of the sign-up pages: the steps above them, and the fields that both editions begin with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Child, attributes
from guance_portal.components.feedback import note
from guance_portal.components.field_frame import field_id
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import LANGUAGE, text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.stepper import stepper
from guance_portal.onboarding.basic import BasicForm
from guance_portal.state.sign_up.basic import SignUpBasicState as State


def steps(at: int) -> rx.Component:
    """The three steps of 商业版."""
    names = ("sign_up.step_basic", "sign_up.step_enterprise", "sign_up.step_settlement")
    return stepper(text("sign_up.steps"), [text(name) for name in names], at=at)


def registered_note(state: Any) -> rx.Component:
    """For anyone who has just proven the address of an account: the ways into it."""
    return when(
        state.is_registered,
        note(
            text("sign_up.registered"),
            " ",
            link(text("sign_in.submit"), href=routes.LOGIN),
            " ",
            link(text("sign_in.forgot"), href=routes.FORGOT_PASSWORD),
            tone="amber",
            is_live=True,
        ),
    )


def language_field() -> rx.Component:
    """Tells the server which language the page speaks now."""
    return hidden_field("language", LANGUAGE)


def basic_fields(username_help: Child) -> list[rx.Component]:
    """Site, username, password, e-mail with its code, mobile number."""
    fields = form_fields(
        BasicForm,
        State,
        save=State.save,
        leave=State.leave,
        site={"help": _site_help(), "is_advised": True},
        username={
            "help": username_help,
            "on_change": State.check_username.debounce(400),
            "on_take": State.take_suggestion,
        },
        password={
            "help": _password_help(),
            "placeholder": rx.cond(State.has_password, text("sign_up.password_set"), ""),
        },
        code={"help": _code_help(), "on_send": State.send_code(LANGUAGE)},
        phone={"prefix": State.calling_code, "required": State.needs_phone},
    )
    # Above the address whose code it keeps away.
    email = list(BasicForm.asked()).index("email")
    return [language_field(), *fields[:email], _honeypot(), *fields[email:]]


def _code_help() -> Child:
    sent = rx.cond(State.sent_to != "", text("sign_up.code_sent", email=State.sent_to), "")
    return rx.cond(State.is_email_proven, text("sign_up.email_proven"), sent)


def _site_help() -> Child:
    """That the choice is permanent, and what it decides about paying."""
    terms = text("sign_up.site_terms", currency=State.site_currency, methods=translated(State.site_methods))
    return rx.fragment(
        text("sign_up.site_help"),
        when(State.site_currency != "", rx.fragment(rx.el.br(), terms, " ", translated(State.site_note))),
    )


def _password_help() -> Child:
    """What is known of a password that was accepted before."""
    unknown = rx.cond(State.is_password_lost, text("sign_up.password_lost"), text("reset.help"))
    return rx.cond(State.has_password, text("sign_up.password_again"), unknown)


def _honeypot() -> rx.Component:
    """A field that people neither see nor reach; whatever fills it in is a program.

    That may be a person's own password manager: so a filled field shows itself, and says what to do.
    """
    filled, told = State.is_honeypot_filled, f"{field_id('website')}-problem"
    box = rx.el.input(
        id=field_id("website"),
        name="website",
        type="text",
        tab_index=rx.cond(filled, 0, -1),
        auto_complete="off",
        on_change=State.note_honeypot,
        custom_attrs=attributes(aria_describedby=told, data_1p_ignore="", data_lpignore="true", data_bwignore=""),
    )
    problem = rx.el.span(
        icon("circle-alert", 14), text("sign_up.website_filled"), class_name="gc-message error", id=told
    )
    return rx.el.div(
        rx.el.label(text("sign_up.website"), html_for=field_id("website"), class_name="gc-label"),
        rx.el.span(box, class_name="gc-input"),
        rx.el.div(when(filled, problem), role="status"),
        class_name=rx.cond(filled, "gc-field", "gc-honeypot"),
        custom_attrs=attributes(aria_hidden=rx.cond(filled, "false", "true")),
    )
