"""What operators do to an account, each with a reason."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import VERBATIM, Handler
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_fields, form_labels
from guance_portal.components.forms import form
from guance_portal.components.messages import text
from guance_portal.core.forms import Form
from guance_portal.state.operator.account import CHOICE, SESSIONS, ChoiceForm, SessionsForm
from guance_portal.state.operator.account import OperatorAccountState as Account


def choice_dialog() -> rx.Component:
    """结算方式任意选择, with a reason."""
    return dialog(
        note(
            rx.cond(Account.has_arbitrary_choice, text("operator.choice_off_means"), text("operator.choice_on_means"))
        ),
        _reason_form(
            ChoiceForm,
            "choice_reason-form",
            Account.set_choice,
            rx.el.input(
                type="hidden",
                name="allowed",
                value=rx.cond(Account.has_arbitrary_choice, "no", "yes"),
                read_only=True,
            ),
        ),
        id="arbitrary-choice",
        title=text("operator.choice"),
        description=_of_account(),
        is_open=Account.dialog == CHOICE,
        opened_by=(Account.ask_choice,),
        on_close=Account.close_dialog,
        footer=(
            cancel_button(),
            button(
                rx.cond(Account.has_arbitrary_choice, text("operator.choice_off"), text("operator.choice_on")),
                busy=Account.is_busy,
                type="submit",
                form="choice_reason-form",
            ),
        ),
        busy=Account.is_busy,
    )


def sessions_dialog() -> rx.Component:
    """Sign the account out everywhere, with a reason."""
    return dialog(
        note(text("operator.end_sessions_means"), tone="amber"),
        _reason_form(SessionsForm, "sessions_reason-form", Account.end_sessions),
        id="end-fee-sessions",
        title=text("operator.end_sessions"),
        description=_of_account(),
        is_open=Account.dialog == SESSIONS,
        opened_by=(Account.ask_sessions,),
        on_close=Account.close_dialog,
        footer=(
            cancel_button(),
            button(
                text("operator.end_sessions_confirm"),
                kind="danger",
                busy=Account.is_busy,
                type="submit",
                form="sessions_reason-form",
            ),
        ),
        busy=Account.is_busy,
    )


def _reason_form(asked: type[Form], id_: str, on_submit: Handler, *hidden: rx.Component) -> rx.Component:
    """Why; the field has a name of its own in each dialog."""
    return form(
        rx.el.input(type="hidden", name="account", value=Account.account_id, read_only=True),
        *hidden,
        *form_fields(asked, Account),
        on_submit=on_submit,
        busy=Account.is_busy,
        refusals=Account.refusals,
        problems=Account.problems,
        labels=form_labels(asked),
        id=id_,
    )


def _of_account() -> rx.Component:
    return rx.el.span(Account.username, " ", rx.cond(Account.company != "", Account.company, ""), **VERBATIM)
