"""The dialogs that find who pays: 绑定费用中心账号, and 注册新账号."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.fields import text_field
from guance_portal.components.forms import form
from guance_portal.components.icons import icon
from guance_portal.components.identity_fields import code_field, new_password_field, username_field
from guance_portal.components.links import link
from guance_portal.components.sign_up.steps import language_field
from guance_portal.components.upgrade.plans import upgrade_steps
from guance_portal.components.words import LANGUAGE, t
from guance_portal.core import plain
from guance_portal.state.upgrade.new_payer import Kept
from guance_portal.state.upgrade.new_payer import NewPayerState as Opening
from guance_portal.state.upgrade.page import BIND, REGISTER, UpgradeState
from guance_portal.state.upgrade.payer import BindPayerState as Binding

_SHOWN = UpgradeState.workspace_id


def bind_dialog() -> rx.Component:
    """绑定费用中心账号: a username, and the code from that account's mail."""
    return dialog(
        upgrade_steps(0),
        form(
            _workspace(),
            text_field(
                "payer",
                t("upgrade.payer"),
                problem=Binding.problems["payer"],
                help=t("upgrade.payer_help"),
                required=True,
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
                max_length=plain.LONGEST_LINE,
                draft=Binding.payer,
                on_keep=_keep_payer,
            ),
            code_field(
                Binding,
                t("sign_up.code"),
                help=rx.cond(Binding.is_sent, t("upgrade.code_sent"), t("upgrade.code_why")),
                on_send=Binding.send_code(_SHOWN),
                name="binding_code",
            ),
            on_submit=Binding.bind,
            busy=Binding.is_busy,
            refusals=Binding.refusals,
            problems=Binding.problems,
            labels={"payer": t("upgrade.payer"), "binding_code": t("sign_up.code")},
            id="bind-form",
        ),
        id="bind-payer",
        title=t("upgrade.bind"),
        description=t("upgrade.bind_lead"),
        is_open=UpgradeState.dialog == BIND,
        on_close=UpgradeState.close_dialog,
        way_back=rx.el.span(t("upgrade.no_account"), " ", link(t("upgrade.register"), href=routes.upgrade(REGISTER))),
        footer=(
            cancel_button(),
            button(t("upgrade.bind_confirm"), busy=Binding.is_busy, type="submit", form="bind-form"),
        ),
        busy=Binding.is_busy,
    )


def register_dialog() -> rx.Component:
    """注册新账号: a fee-centre account of one's own."""
    return dialog(
        form(
            _workspace(),
            language_field(),
            username_field(
                Opening,
                help=t("upgrade.username_help"),
                on_change=_check_username,
                on_keep=_keep("username"),
                on_take=_take_suggestion,
            ),
            new_password_field(Opening, "password", t("sign_up.password"), required=True),
            text_field(
                "company_name",
                t("sign_up.company_name"),
                problem=Opening.problems["company_name"],
                required=True,
                auto_complete="organization",
                max_length=plain.LONGEST_LINE,
                draft=Opening.company_name,
                on_keep=_keep("company_name"),
            ),
            text_field(
                "email",
                t("sign_up.email"),
                type="email",
                problem=Opening.problems["email"],
                help=t("upgrade.email_help"),
                required=True,
                auto_complete="email",
                max_length=plain.LONGEST_LINE,
                draft=Opening.email,
                on_keep=_keep("email"),
            ),
            code_field(
                Opening,
                t("sign_up.code"),
                help=rx.cond(
                    Opening.is_email_proven,
                    t("sign_up.email_proven"),
                    rx.cond(Opening.is_sent, t("sign_up.code_sent", email=Opening.email), ""),
                ),
                on_send=Opening.send_code(_SHOWN, LANGUAGE),
            ),
            on_submit=Opening.register,
            busy=Opening.is_busy,
            refusals=Opening.refusals,
            problems=Opening.problems,
            labels={
                "username": t("sign_up.username"),
                "password": t("sign_up.password"),
                "company_name": t("sign_up.company_name"),
                "email": t("sign_up.email"),
                "code": t("sign_up.code"),
            },
            id="register-form",
        ),
        id="register-payer",
        title=t("upgrade.register"),
        description=t("upgrade.register_lead", workspace=UpgradeState.workspace),
        is_open=UpgradeState.dialog == REGISTER,
        on_close=UpgradeState.close_dialog,
        way_back=link(
            icon("arrow-left", 14), t("upgrade.have_account"), href=routes.upgrade(BIND), class_name="gc-back"
        ),
        footer=(
            cancel_button(),
            button(t("upgrade.register_confirm"), busy=Opening.is_busy, type="submit", form="register-form"),
        ),
        busy=Opening.is_busy,
    )


def _workspace() -> rx.Component:
    """Which workspace the dialog is about: another tab may look at another one by now."""
    return rx.el.input(type="hidden", name="workspace", value=_SHOWN, read_only=True)


def _keep_payer(value: rx.Var[str]) -> Any:
    return Binding.keep_payer(_SHOWN, value)


def _check_username(value: rx.Var[str]) -> Any:
    return Opening.check_username(_SHOWN, value).debounce(400)


def _take_suggestion(name: rx.Var[str]) -> Any:
    return Opening.take_suggestion(_SHOWN, name)


def _keep(field: Kept) -> Any:
    """Keeps what is typed into a field."""

    def keep(value: rx.Var[str]) -> Any:
        return Opening.keep(_SHOWN, field, value)

    return keep
