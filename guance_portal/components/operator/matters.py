"""异常处理: payments that wait for a person, and what can be done about each."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button
from guance_portal.components.feedback import empty_state, note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import hidden_field
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.operator.matters import NoteForm
from guance_portal.state.operator.matters import OperatorMattersState as Matters
from guance_portal.state.operator.money import OperatorMoneyState as Money


def matters_panel() -> rx.Component:
    """Each of them once."""
    return panel(
        rx.cond(
            Money.matters.length() > 0,
            table(
                [
                    Column(text("money_admin.payment"), _payment, phone="main"),
                    Column(text("money_admin.paid_at"), lambda row: translated(row.at), phone="line"),
                    Column(text("money_admin.account"), _account, phone="line"),
                    Column(text("money_admin.amount"), lambda row: row.amount, is_end=True),
                    Column(text("money_admin.matter"), lambda row: translated(row.reason)),
                    Column(text("money_admin.action"), _actions, is_end=True),
                ],
                Money.matters,
                label=text("money_admin.matters"),
            ),
            empty_state(text("money_admin.no_matters"), text("money_admin.no_matters_lead"), icon_name="check-check"),
        ),
        title=text("money_admin.matters"),
        lead=text("money_admin.matters_lead"),
        is_flush=True,
    )


def note_dialog() -> rx.Component:
    """How something was seen to that contradicts the books."""
    return form_dialog(
        hidden_field("matter", Matters.noted),
        *form_fields(NoteForm, Matters),
        state=Matters,
        form_of=NoteForm,
        id="note-matter",
        title=text("money_admin.note"),
        above=(note(text("money_admin.note_means")),),
        confirm=text("money_admin.note"),
        on_submit=Matters.note_matter,
        is_open=Matters.noted != "",
        on_close=Matters.close_note,
    )


def _payment(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(translated(row.way)),
        rx.el.small(row.trade, class_name="gc-whole-id", **VERBATIM),
        class_name="gc-stacked",
    )


def _account(row: Any) -> rx.Component:
    return rx.cond(row.account_href != "", link(row.account, href=row.account_href, **VERBATIM), "—")


def _actions(row: Any) -> rx.Component:
    return rx.el.span(
        when(row.claim_href != "", link(text("money_admin.claim"), href=row.claim_href)),
        when(row.back_href != "", link(text("money_admin.send_back"), href=row.back_href)),
        when(row.request_href != "", link(text("money_admin.see_request"), href=row.request_href)),
        when(row.key != "", button(text("money_admin.note"), kind="link", on_click=Matters.ask_note(row.key))),
        class_name="gc-row",
    )
