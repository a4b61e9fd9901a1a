"""`/register/commercial/settlement`: step 3 of 商业版: the workspace, and who pays. The account exists: no way back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.buttons import submit
from guance_portal.components.feedback import note
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.layout import public_page
from guance_portal.components.messages import LANGUAGE, text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.settlement.choice import settlement_cards
from guance_portal.components.settlement.cloud_dialog import cloud_dialog
from guance_portal.components.sign_up.steps import steps
from guance_portal.components.sign_up.workspace_fields import workspace_fields
from guance_portal.core.actor import Realm
from guance_portal.onboarding.settlement_drafts import SettlementForm
from guance_portal.pages.page import Page
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.sign_up.settlement import SignUpSettlementState as State


def register_settlement() -> rx.Component:
    """Step 3."""
    return public_page(
        form(
            workspace_fields(
                State.problems,
                name=State.typed["name"],
                language=State.typed["workspace_language"],
                save=_save,
                leave=State.leave,
            ),
            settlement_cards(
                text("sign_up.method"),
                translated(State.site),
                State.options,
                chosen=State.chosen,
                problem=State.problems["method"],
                on_choose=_save_method,
            ),
            when(State.note.zh != "", note(translated(State.note))),
            note(text("sign_up.method_note")),
            submit(text("sign_up.confirm"), busy=State.is_busy),
            on_submit=State.confirm,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels=form_labels(SettlementForm),
        ),
        cloud_dialog(),
        above=steps(2),
        title=text("sign_up.settlement_title"),
        lead=text("sign_up.settlement_lead", name=State.username),
    )


def _save(field: str, value: rx.Var[str]) -> Any:
    """Keeps what is typed or chosen."""
    return State.save(field, value, LANGUAGE)


def _save_method(value: rx.Var[str]) -> Any:
    return _save("method", value)


PAGE = Page(
    route=routes.REGISTER_SETTLEMENT,
    build=register_settlement,
    title="sign_up.settlement_title",
    on_load=[State.load_settlement, CloudSubscribeState.load_cloud],
    realm=Realm.CONSOLE,
)
