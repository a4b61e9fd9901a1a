"""What operators do to an account, each with a reason."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.feedback import note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.messages import text
from guance_portal.state.operator.account import CHOICE, SESSIONS, ChoiceForm, SessionsForm
from guance_portal.state.operator.account import OperatorAccountState as Account


def choice_dialog() -> rx.Component:
    """结算方式任意选择, with a reason."""
    return form_dialog(
        hidden_field("account", Account.account_id),
        hidden_field("allowed", rx.cond(Account.has_arbitrary_choice, "no", "yes")),
        *form_fields(ChoiceForm, Account),
        state=Account,
        form_of=ChoiceForm,
        id="arbitrary-choice",
        title=text("operator.choice"),
        description=_of_account(),
        above=(
            note(
                rx.cond(
                    Account.has_arbitrary_choice, text("operator.choice_off_means"), text("operator.choice_on_means")
                )
            ),
        ),
        confirm=rx.cond(Account.has_arbitrary_choice, text("operator.choice_off"), text("operator.choice_on")),
        on_submit=Account.set_choice,
        is_open=Account.dialog == CHOICE,
        opened_by=(Account.ask_choice,),
        on_close=Account.close_dialog,
    )


def sessions_dialog() -> rx.Component:
    """Sign the account out everywhere, with a reason."""
    return form_dialog(
        hidden_field("account", Account.account_id),
        *form_fields(SessionsForm, Account),
        state=Account,
        form_of=SessionsForm,
        id="end-fee-sessions",
        title=text("operator.end_sessions"),
        description=_of_account(),
        above=(note(text("operator.end_sessions_means"), tone="amber"),),
        confirm=text("operator.end_sessions_confirm"),
        kind="danger",
        on_submit=Account.end_sessions,
        is_open=Account.dialog == SESSIONS,
        opened_by=(Account.ask_sessions,),
        on_close=Account.close_dialog,
    )


def _of_account() -> rx.Component:
    return rx.el.span(Account.username, " ", rx.cond(Account.company != "", Account.company, ""), **VERBATIM)
