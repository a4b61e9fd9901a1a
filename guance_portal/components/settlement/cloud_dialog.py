"""开通云账号结算: the three steps to a cloud account that pays, typed (阿里云) or waited for (AWS).

A page composes `cloud_dialog()`, and its loaders hold `CloudSubscribeState.load_cloud`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.address import in_address
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.forms import form
from guance_portal.components.page_parts import when
from guance_portal.components.settlement.cloud_steps import IS_ADDING, typed_steps, waiting_steps
from guance_portal.components.words import said, t
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState as State

ID, FORM = "cloud-dialog", "cloud-form"
_FAILURE: Any = State.failure


def cloud_dialog() -> rx.Component:
    """The dialog; it stands in the address as `cloud`."""
    return rx.fragment(
        in_address("cloud", State.address),
        dialog(
            rx.cond(State.is_typed, _typed(), waiting_steps()),
            id=ID,
            mark=provider(State.provider, size="huge"),
            title=said(State.title),
            description=rx.fragment(
                said(State.lead),
                when(
                    State.workspace != "",
                    rx.fragment(t("cloud.workspace"), rx.el.b(State.workspace, **VERBATIM)),
                ),
            ),
            is_open=State.is_open,
            on_close=State.close_cloud,
            busy=State.is_busy,
            width="choice",
            way_back=button(t("cloud.choose_again"), kind="link", icon_name="arrow-left", on_click=State.choose_again),
            footer=[cancel_button(), rx.cond(State.is_typed, _verify(), _confirm())],
        ),
    )


def _typed() -> rx.Component:
    return form(
        typed_steps(),
        on_submit=State.verify,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        has_summary=False,
        id=FORM,
        key=State.waits,
    )


def _verify() -> rx.Component:
    first = rx.cond(IS_ADDING, t("cloud.aliyun.confirm_add"), t("cloud.aliyun.confirm"))
    words = rx.cond(_FAILURE.said.zh == "", first, t("cloud.retry"))
    return button(words, busy=State.is_busy, type="submit", form=FORM)


def _confirm() -> rx.Component:
    return button(
        rx.cond(IS_ADDING, t("cloud.finish"), t("cloud.aws.confirm")),
        on_click=State.confirm_received,
        busy=State.is_busy,
        disabled=State.received == "",
    )
