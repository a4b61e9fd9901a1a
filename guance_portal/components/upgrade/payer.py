"""The dialogs that find who pays: 绑定费用中心账号, and 注册新账号."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import Child
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import LANGUAGE, text
from guance_portal.components.sign_up.steps import language_field
from guance_portal.components.upgrade.plans import upgrade_steps
from guance_portal.onboarding.upgrade.forms import BindForm, NewPayerForm
from guance_portal.state.upgrade.new_payer import NewPayerState as Opening
from guance_portal.state.upgrade.page import BIND, REGISTER, UpgradeState
from guance_portal.state.upgrade.payer import BindPayerState as Binding

_SHOWN = UpgradeState.workspace_id


def bind_dialog() -> rx.Component:
    """绑定费用中心账号: a username, and the code from that account's mail."""
    return form_dialog(
        _workspace(),
        *form_fields(
            BindForm,
            Binding,
            save=_save_payer,
            payer={"auto_capitalize": "none", "spell_check": False},
            binding_code={
                "help": rx.cond(Binding.is_sent, text("upgrade.code_sent"), text("upgrade.code_why")),
                "on_send": Binding.send_code(_SHOWN),
            },
        ),
        state=Binding,
        form_of=BindForm,
        id="bind-payer",
        title=text("upgrade.bind"),
        description=text("upgrade.bind_lead"),
        above=(upgrade_steps(0),),
        confirm=text("upgrade.bind_confirm"),
        on_submit=Binding.bind,
        is_open=UpgradeState.dialog == BIND,
        on_close=UpgradeState.close_dialog,
        way_back=rx.el.span(
            text("upgrade.no_account"), " ", link(text("upgrade.register"), href=routes.upgrade(REGISTER))
        ),
    )


def register_dialog() -> rx.Component:
    """注册新账号: a fee-centre account of one's own."""
    return form_dialog(
        _workspace(),
        language_field(),
        *form_fields(
            NewPayerForm,
            Opening,
            save=_save,
            leave=Opening.leave,
            username={"help": text("upgrade.username_help"), "on_change": _check_username, "on_take": _take_suggestion},
            email={"help": text("upgrade.email_help")},
            code={"help": _code_help(), "on_send": Opening.send_code(_SHOWN, LANGUAGE)},
        ),
        state=Opening,
        form_of=NewPayerForm,
        id="register-payer",
        title=text("upgrade.register"),
        description=text("upgrade.register_lead", workspace=UpgradeState.workspace),
        confirm=text("upgrade.register_confirm"),
        on_submit=Opening.register,
        is_open=UpgradeState.dialog == REGISTER,
        on_close=UpgradeState.close_dialog,
        way_back=link(
            icon("arrow-left", 14), text("upgrade.have_account"), href=routes.upgrade(BIND), class_name="gc-back"
        ),
    )


def _workspace() -> rx.Component:
    """Which workspace the dialog is about: another tab may look at another one by now."""
    return hidden_field("workspace", _SHOWN)


def _save_payer(field: str, value: rx.Var[str]) -> Any:
    return Binding.save(_SHOWN, field, value)


def _check_username(value: rx.Var[str]) -> Any:
    return Opening.check_username(_SHOWN, value).debounce(400)


def _take_suggestion(name: rx.Var[str]) -> Any:
    return Opening.take_suggestion(_SHOWN, name)


def _save(field: str, value: rx.Var[str]) -> Any:
    return Opening.save(_SHOWN, field, value)


def _code_help() -> Child:
    sent = rx.cond(Opening.is_sent, text("sign_up.code_sent", email=Opening.typed["email"]), "")
    return rx.cond(Opening.is_email_proven, text("sign_up.email_proven"), sent)
