"""更换费用中心账号: the button of an owner, and the dialog that says what it means and proves the other account."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.messages import text
from guance_portal.components.settlement.dialog import means_list
from guance_portal.onboarding.upgrade.forms import BindForm
from guance_portal.state.settlement.payer_change import PayerChangeState as State


def payer_change_action() -> rx.Component:
    """更换费用中心账号; small, in the panel that names who pays."""
    return button(text("payer_change.title"), kind="link", on_click=State.open_payer_change)


def payer_change_dialog() -> rx.Component:
    """It stands at the end of the page."""
    return form_dialog(
        hidden_field("workspace", State.workspace_id),
        *form_fields(
            BindForm,
            State,
            save=_save,
            payer={"auto_capitalize": "none", "spell_check": False},
            binding_code={
                "help": rx.cond(State.is_sent, text("upgrade.code_sent"), text("upgrade.code_why")),
                "on_send": State.send_payer_code,
            },
        ),
        state=State,
        form_of=BindForm,
        id="change-payer",
        title=text("payer_change.title"),
        description=rx.el.span(text("payer_change.lead", workspace=State.workspace), **VERBATIM),
        above=(means_list(State.means),),
        confirm=text("payer_change.title"),
        on_submit=State.change_payer,
        is_open=State.is_open,
        opened_by=(State.open_payer_change,),
        on_close=State.close_payer_change,
        key=State.openings,
    )


def _save(field: str, value: rx.Var[str]) -> Any:
    return State.save_payer(field, value)
