"""开通云账号结算: the three steps to a cloud account that pays, typed or waited for, as the provider is registered.

A page composes `cloud_dialog()`, and its loaders hold `CloudSubscribeState.load_cloud`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import reflex as rx

from guance_portal.components.address import in_address
from guance_portal.components.base import VERBATIM
from guance_portal.components.brand import provider
from guance_portal.components.buttons import button
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.forms import form
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.settlement.cloud_steps import IS_ADDING, typed_steps, waiting_steps
from guance_portal.sites import Provider
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState as State

ID, FORM = "cloud-dialog", "cloud-form"
_FAILURE: Any = State.failure


def cloud_dialog() -> rx.Component:
    """The dialog; it stands in the address as `cloud`."""
    return rx.fragment(
        in_address("cloud", State.address),
        dialog(
            _by_provider(_steps),
            id=ID,
            mark=provider(State.provider, size="huge"),
            title=translated(State.title),
            description=rx.fragment(
                translated(State.lead),
                when(
                    State.workspace != "",
                    rx.fragment(text("cloud.workspace"), rx.el.b(State.workspace, **VERBATIM)),
                ),
            ),
            is_open=State.is_open,
            on_close=State.close_cloud,
            busy=State.is_busy,
            width="choice",
            way_back=button(
                text("cloud.choose_again"), kind="link", icon_name="arrow-left", on_click=State.choose_again
            ),
            footer=[cancel_button(), _by_provider(_act)],
        ),
    )


def _by_provider(build: Callable[[Provider], rx.Component]) -> rx.Component:
    """What the dialog has for the provider that it is about."""
    built = ((one.value, build(one)) for one in Provider if one.listings)
    return cast("rx.Component", rx.match(State.provider, *built, rx.fragment()))


def _steps(cloud: Provider) -> rx.Component:
    return _typed(cloud) if cloud.is_typed else waiting_steps(cloud)


def _act(cloud: Provider) -> rx.Component:
    return _verify(cloud) if cloud.is_typed else _confirm(cloud)


def _typed(cloud: Provider) -> rx.Component:
    return form(
        typed_steps(cloud),
        on_submit=State.verify,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        has_summary=False,
        id=FORM,
        key=State.waits,
    )


def _verify(cloud: Provider) -> rx.Component:
    first = rx.cond(IS_ADDING, text(f"cloud.{cloud}.confirm_add"), text(f"cloud.{cloud}.confirm"))
    words = rx.cond(_FAILURE.said.zh == "", first, text("cloud.retry"))
    return button(words, busy=State.is_busy, type="submit", form=FORM)


def _confirm(cloud: Provider) -> rx.Component:
    return button(
        rx.cond(IS_ADDING, text("cloud.finish"), text(f"cloud.{cloud}.confirm")),
        on_click=State.confirm_received,
        busy=State.is_busy,
        disabled=State.received == "",
    )
