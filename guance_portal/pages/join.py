"""`/join`: where the link of an invitation leads; its token stands behind the # of the address."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.components.base import VERBATIM, Child
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form, fragment_field, native_form
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts
from guance_portal.components.sign_in import handover
from guance_portal.components.sign_up.agreements import agreement_field
from guance_portal.components.sign_up.steps import language_field
from guance_portal.core.actor import Realm
from guance_portal.onboarding.forms import JoinForm
from guance_portal.pages.page import Page
from guance_portal.state.members.join import JoinState as State
from guance_portal.state.members.join import SignInForm


def join() -> rx.Component:
    """What is offered, and the way in that fits the person who opens the link."""
    return public_page(
        fragment_field("token", on_read=State.read_invitation),
        _ways(),
        handover(State.ticket, routes.MEMBERS),
        title=text("join.title"),
        lead=text("join.lead"),
    )


def _ways() -> rx.Component:
    return rx.fragment(
        rx.match(
            State.way,
            ("", loading(skeleton(height="120px"))),
            ("dead", _dead()),
            ("others", rx.fragment(_offer(), _others())),
            ("accept", rx.fragment(_offer(), _accept())),
            ("sign_in", rx.fragment(_offer(), _sign_in())),
            rx.fragment(_offer(), _register()),
        )
    )


def _offer() -> rx.Component:
    return rx.el.div(
        facts(
            (text("join.workspace"), rx.el.span(State.workspace, **VERBATIM)),
            (text("join.site"), translated(State.site)),
            (text("join.role"), translated(State.role)),
            (text("join.sender"), rx.el.span(State.sender, **VERBATIM)),
            (text("join.email"), rx.el.span(State.email, **VERBATIM)),
        ),
        class_name="gc-offer",
    )


def _dead() -> rx.Component:
    back = link(text("join.to_login"), href=routes.LOGIN)
    return note(text("errors.invitation_spent"), title=text("join.dead_title"), tone="amber", action=back, is_live=True)


def _others() -> rx.Component:
    return rx.el.div(
        note(
            text("join.others_lead", others=State.others, email=State.email),
            title=text("join.others_title"),
            tone="amber",
            is_live=True,
        ),
        native_form(submit(text("user.sign_out")), action=routes.SESSION_CLOSE, fields={"realm": Realm.CONSOLE.value}),
        class_name="gc-stack",
    )


def _accept() -> rx.Component:
    return _form(submit(text("join.accept"), busy=State.is_busy), on_submit=State.accept)


def _sign_in() -> rx.Component:
    return _form(
        note(text("join.has_account")),
        *form_fields(
            SignInForm,
            State,
            has_marks=False,
            password={"beside": link(text("sign_in.forgot"), href=routes.FORGOT_PASSWORD)},
        ),
        submit(text("join.sign_in"), busy=State.is_busy),
        on_submit=State.sign_in,
    )


def _register() -> rx.Component:
    return _form(
        language_field(),
        *form_fields(
            JoinForm,
            State,
            leave=State.leave,
            username={"help": text("sign_up.username_help_free"), "auto_capitalize": "none", "spell_check": False},
            phone={"prefix": State.calling_code, "required": State.needs_phone},
        ),
        rx.cond(State.is_commercial, _agreement(Edition.COMMERCIAL), _agreement(Edition.FREE)),
        submit(text("join.register"), busy=State.is_busy),
        on_submit=State.register,
    )


def _agreement(edition: Edition) -> rx.Component:
    return agreement_field(edition, problem=State.problems["agreements"])


def _form(*children: Child, on_submit: object) -> rx.Component:
    return form(
        fragment_field("token"),
        *children,
        on_submit=on_submit,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels=form_labels(JoinForm),
    )


PAGE = Page(route=routes.JOIN, build=join, title="join.title", on_load=State.load_join)
