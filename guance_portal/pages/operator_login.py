"""`/operator/login`: password, then authenticator."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Child
from guance_portal.components.buttons import button, submit
from guance_portal.components.feedback import note
from guance_portal.components.fields import password_field, text_field
from guance_portal.components.forms import form
from guance_portal.components.identity_fields import new_password_field
from guance_portal.components.layout import public_page
from guance_portal.components.operator.codes import recovery_codes_note, second_factor_field
from guance_portal.components.sign_in import handover
from guance_portal.components.words import t
from guance_portal.pages.page import Page
from guance_portal.state.operator.sign_in import OperatorSignInState as State
from guance_portal.state.operator.sign_in import Step


def operator_login() -> rx.Component:
    """The operators' sign-in page."""
    return public_page(
        _step(),
        handover(State.ticket, State.next_path),
        title=_by_step("operator_sign_in.title", "operator_sign_in.code_title", "operator_sign_in.enrol_title"),
        lead=_by_step("operator_sign_in.lead", "operator_sign_in.code_lead", "operator_sign_in.enrol_lead"),
        realm=t("realm.operator"),
        is_short=True,
    )


def _step() -> rx.Component:
    """Of the three forms, the one whose turn it is."""
    is_code, is_enrolment = State.step == Step.CODE.value, State.step == Step.ENROLMENT.value
    return rx.cond(is_code, _code_step(), rx.cond(is_enrolment, _enrolment_step(), _password_step()))


def _by_step(password: str, code: str, enrolment: str) -> rx.Var[str]:
    is_code, is_enrolment = State.step == Step.CODE.value, State.step == Step.ENROLMENT.value
    return rx.cond(is_code, t(code), rx.cond(is_enrolment, t(enrolment), t(password)))


def _password_step() -> rx.Component:
    return _form(
        text_field(
            "login",
            t("sign_in.email"),
            type="email",
            problem=State.problems["login"],
            auto_complete="username",
            max_length=254,
        ),
        password_field("password", t("sign_in.password"), problem=State.problems["password"]),
        submit(t("sign_in.submit"), busy=State.is_busy),
        on_submit=State.give_password,
        key="password",
    )


def _code_step() -> rx.Component:
    return _form(
        _code_field(),
        submit(t("operator_sign_in.verify"), busy=State.is_busy),
        _start_over(),
        on_submit=State.give_code,
        key="code",
    )


def _enrolment_step() -> rx.Component:
    return _form(
        rx.el.img(src=State.qr, alt=t("operator_sign_in.qr"), width=205, height=205, class_name="gc-qr"),
        note(rx.el.code(State.secret, class_name="gc-mono"), title=t("operator_sign_in.secret")),
        recovery_codes_note(State.recovery_codes, t("operator_sign_in.recovery_lead")),
        _code_field(),
        new_password_field(State, "new_password", t("reset.password")),
        submit(t("operator_sign_in.verify"), busy=State.is_busy),
        _start_over(),
        on_submit=State.give_code,
        key="enrolment",
    )


def _form(*children: Child, on_submit: Any, key: str) -> rx.Component:
    labels = {
        "login": t("sign_in.email"),
        "password": t("sign_in.password"),
        "code": t("operator_sign_in.code"),
        "new_password": t("reset.password"),
    }
    return form(
        *children,
        on_submit=on_submit,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels=labels,
        key=key,
    )


def _code_field() -> rx.Component:
    return second_factor_field(State.problems["code"], auto_focus=True)


def _start_over() -> rx.Component:
    return button(t("operator_sign_in.again"), kind="link", on_click=State.start_over)


PAGE = Page(
    route=routes.OPERATOR_LOGIN,
    build=operator_login,
    title="operator_sign_in.title",
    on_load=State.load_operator_sign_in,
)
