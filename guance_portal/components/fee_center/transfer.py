"""对公转账: the account, the remittance code, and how the money comes in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import copy_button, link_button
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.support import contact_link
from guance_portal.components.vertical_steps import step, vertical_steps
from guance_portal.state.fee_center.transfer import TransferState as State

_SHOWN: Any = State.shown


def transfer_panels() -> rx.Component:
    """The account beside how it goes on."""
    return rx.cond(
        State.is_loaded,
        rx.cond(
            State.has_account,
            rx.el.div(_account(), stack(_steps(), _forgotten()), class_name="gc-beside"),
            panel(
                empty_state(
                    text("transfer.nowhere"),
                    rx.fragment(text("transfer.nowhere_lead"), contact_link()),
                    icon_name="landmark",
                    action=link_button(text("recharge.title"), href=routes.RECHARGE, kind="secondary"),
                )
            ),
        ),
        loading(skeleton(height="320px")),
    )


def _account() -> rx.Component:
    return panel(
        rx.el.div(
            rx.el.div(
                rx.el.small(text("transfer.code")),
                rx.el.b(_SHOWN.code, class_name="gc-mono", **VERBATIM),
                rx.el.small(text("transfer.code_note")),
            ),
            copy_button(_SHOWN.plain_code, label=text("transfer.copy_code")),
            class_name="gc-remittance",
        ),
        rx.el.dl(
            _line(text("transfer.holder"), _SHOWN.holder, text("transfer.copy_holder")),
            _line(text("transfer.number"), _SHOWN.number, text("transfer.copy_number")),
            _line(text("transfer.bank"), _SHOWN.bank, text("transfer.copy_bank")),
            _line(text("transfer.bank_code"), _SHOWN.bank_code, text("transfer.copy_bank_code")),
            when(_SHOWN.amount != "", _line(text("transfer.amount"), _SHOWN.amount, text("transfer.copy_amount"))),
            class_name="gc-account-lines",
        ),
        rx.el.p(icon("info", 14), rx.el.span(translated(_SHOWN.least)), class_name="gc-small-note"),
        title=text("transfer.account"),
        actions=copy_button(translated(_SHOWN.everything), label=text("transfer.copy_everything")),
    )


def _line(name: Any, value: Any, copy: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value, **VERBATIM), rx.el.dd(copy_button(value, label=copy)))


def _steps() -> rx.Component:
    return panel(
        vertical_steps(
            text("transfer.progress"),
            step(1, text("transfer.step_send"), rx.el.p(text("transfer.step_send_lead")), state="now"),
            step(2, text("transfer.step_arrive"), rx.el.p(text("transfer.step_arrive_lead")), state="later"),
            step(3, text("transfer.step_match"), rx.el.p(text("transfer.step_match_lead")), state="later"),
            step(4, text("transfer.step_credit"), rx.el.p(text("transfer.step_credit_lead")), state="later"),
        ),
        title=text("transfer.progress"),
    )


def _forgotten() -> rx.Component:
    lines = (("building-2", "same"), ("users", "other"), ("ban", "again"))
    return panel(
        rx.el.ul(
            *(rx.el.li(icon(name), rx.el.span(text(f"transfer.forgot_{key}"))) for name, key in lines),
            class_name="gc-know",
        ),
        title=text("transfer.forgot"),
    )
