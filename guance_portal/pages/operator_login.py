"""`/operator/login`: password, then authenticator."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.accounts.sessions.forms import EnrolmentForm, OperatorCodeForm, OperatorSignInForm
from guance_portal.components.base import Child
from guance_portal.components.buttons import button, submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text
from guance_portal.components.operator.codes import recovery_codes_note
from guance_portal.components.sign_in import handover
from guance_portal.core.forms import Form
from guance_portal.pages.page import Page
from guance_portal.state.operator.sign_in import OperatorSignInState as State
from guance_portal.state.operator.sign_in import SignInStep


def operator_login() -> rx.Component:
    """The operators' sign-in page."""
    return public_page(
        _step(),
        handover(State.ticket, State.next_path),
        title=_by_step("operator_sign_in.title", "operator_sign_in.code_title", "operator_sign_in.enrol_title"),
        lead=_by_step("operator_sign_in.lead", "operator_sign_in.code_lead", "operator_sign_in.enrol_lead"),
        realm=text("realm.operator"),
        is_short=True,
    )


def _step() -> rx.Component:
    """Of the three forms, the one whose turn it is."""
    is_code, is_enrolment = State.step == SignInStep.CODE.value, State.step == SignInStep.ENROLMENT.value
    return rx.cond(is_code, _code_step(), rx.cond(is_enrolment, _enrolment_step(), _password_step()))


def _by_step(password: str, code: str, enrolment: str) -> rx.Var[str]:
    is_code, is_enrolment = State.step == SignInStep.CODE.value, State.step == SignInStep.ENROLMENT.value
    return rx.cond(is_code, text(code), rx.cond(is_enrolment, text(enrolment), text(password)))


def _password_step() -> rx.Component:
    return _form(
        OperatorSignInForm,
        below=(submit(text("sign_in.submit"), busy=State.is_busy),),
        on_submit=State.give_password,
        key="password",
    )


def _code_step() -> rx.Component:
    return _form(
        OperatorCodeForm,
        below=_verify(),
        on_submit=State.give_code,
        key="code",
        code={"auto_focus": True},
    )


def _enrolment_step() -> rx.Component:
    return _form(
        EnrolmentForm,
        rx.el.img(src=State.qr, alt=text("operator_sign_in.qr"), width=205, height=205, class_name="gc-qr"),
        note(rx.el.code(State.secret, class_name="gc-mono"), title=text("operator_sign_in.secret")),
        recovery_codes_note(State.recovery_codes, text("operator_sign_in.recovery_lead")),
        below=_verify(),
        on_submit=State.enrol,
        key="enrolment",
        code={"auto_focus": True},
    )


def _form(
    asked: type[Form], *above: Child, below: tuple[Child, ...], on_submit: Any, key: str, **by_name: Any
) -> rx.Component:
    return form(
        *above,
        *form_fields(asked, State, has_marks=False, **by_name),
        *below,
        on_submit=on_submit,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels=form_labels(asked),
        key=key,
    )


def _verify() -> tuple[Child, ...]:
    return (
        submit(text("operator_sign_in.verify"), busy=State.is_busy),
        button(text("operator_sign_in.again"), kind="link", on_click=State.start_over),
    )


PAGE = Page(
    route=routes.OPERATOR_LOGIN,
    build=operator_login,
    title="operator_sign_in.title",
    on_load=State.load_operator_sign_in,
)
