"""The steps to a cloud account that pays: subscribe, then type its ids or wait for it, then confirm."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal.components.base import TextLike, attributes, is_set, loose
from guance_portal.components.feedback import note
from guance_portal.components.fields import text_field
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.support import with_contact
from guance_portal.components.vertical_steps import step, vertical_steps
from guance_portal.components.waiting import after, elapsed
from guance_portal.sites import Provider
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState as State

LATE_SECONDS = 180
"""A person who subscribes for the first time needs a minute or two: after that help is offered."""
_FAILURE: Any = State.failure
_PROBLEMS: Any = State.problems
_HAS_FAILED = _FAILURE.said.zh != ""
_HAS_ARRIVED = State.received != ""
IS_ADDING: Any = State.place == "account"
"""It is about an account alone, and no workspace: 账户管理."""


def typed_steps(cloud: Provider) -> rx.Component:
    """Where the pair of ids is typed."""
    is_wrong = is_set(_PROBLEMS["account"]) | is_set(_PROBLEMS["instance"])
    is_gone = State.has_gone | (State.instance != "")
    # A person who can name a subscription has one. That the marketplace was opened says nothing.
    is_named = State.is_account_good & (State.instance != "") & ~is_wrong
    return vertical_steps(
        text("cloud.steps"),
        step(
            1,
            text(f"cloud.{cloud}.step_one"),
            rx.el.p(text(f"cloud.{cloud}.step_one_lead")),
            state=rx.cond(is_named, "done", rx.cond(is_gone, "next", "now")),
            beside=_market(text(f"cloud.{cloud}.market"), text(f"cloud.{cloud}.market_again")),
        ),
        step(
            2,
            text(f"cloud.{cloud}.step_two"),
            _id_field(
                "account", text(f"cloud.{cloud}.account"), text(f"cloud.{cloud}.account_help"), input_mode="numeric"
            ),
            _id_field("instance", text(f"cloud.{cloud}.instance"), text(f"cloud.{cloud}.instance_help")),
            state=rx.cond(is_wrong, "wrong", rx.cond(is_named, "done", rx.cond(is_gone, "now", "next"))),
        ),
        step(
            3,
            rx.cond(IS_ADDING, text(f"cloud.{cloud}.step_three_add"), text(f"cloud.{cloud}.step_three")),
            rx.cond(_HAS_FAILED, _failed(), rx.el.p(text(f"cloud.{cloud}.step_three_lead"))),
            state=rx.cond(_HAS_FAILED, rx.cond(is_wrong, "next", "wrong"), rx.cond(is_named, "now", "later")),
        ),
    )


def waiting_steps(cloud: Provider) -> rx.Component:
    """Where the browser brings the subscription, in another tab; this one notices."""
    return vertical_steps(
        text("cloud.steps"),
        step(
            1,
            text(f"cloud.{cloud}.step_one"),
            rx.el.p(rx.cond(State.has_gone, text(f"cloud.{cloud}.gone_lead"), text(f"cloud.{cloud}.step_one_lead"))),
            # Only what has arrived shows that somebody subscribed.
            state=rx.cond(_HAS_ARRIVED, "done", rx.cond(State.has_gone, "next", "now")),
            beside=_market(text(f"cloud.{cloud}.market"), text(f"cloud.{cloud}.market_again")),
        ),
        step(
            2,
            text(f"cloud.{cloud}.step_two"),
            rx.cond(
                _HAS_ARRIVED,
                _received(cloud),
                rx.cond(State.has_gone, _waiting(cloud), rx.el.p(text(f"cloud.{cloud}.not_yet"))),
            ),
            rx.el.span(
                rx.cond(_HAS_ARRIVED, text(f"cloud.{cloud}.received"), ""), class_name="gc-hidden", role="status"
            ),
            state=rx.cond(_HAS_ARRIVED, "done", rx.cond(State.has_gone, "waiting", "later")),
        ),
        step(
            3,
            rx.cond(IS_ADDING, text("cloud.finish"), text(f"cloud.{cloud}.step_three")),
            rx.el.p(
                rx.cond(
                    IS_ADDING,
                    text(f"cloud.{cloud}.step_three_add"),
                    rx.cond(
                        _HAS_ARRIVED & (State.workspace != ""),
                        text(f"cloud.{cloud}.step_three_now"),
                        text(f"cloud.{cloud}.step_three_lead"),
                    ),
                )
            ),
            when(_HAS_FAILED, _failed()),
            state=rx.cond(_HAS_ARRIVED, rx.cond(_HAS_FAILED, "wrong", "now"), "later"),
        ),
    )


def _market(first: TextLike, again: TextLike) -> rx.Component:
    """The way to the marketplace, in a new tab: a button until it was gone, a link afterwards."""
    return A.create(
        rx.cond(State.has_gone, again, first),
        icon("arrow-up-right", 14),
        rx.el.span(text("cloud.opens_new_tab"), class_name="gc-hidden"),
        href=State.url,
        target="_blank",
        rel="noopener",
        on_click=State.go_to_market,
        class_name=rx.cond(State.has_gone, "gc-button link", "gc-button primary small"),
        custom_attrs=attributes(data_market=""),
    )


def _id_field(name: str, label: TextLike, help_: TextLike, **props: Any) -> rx.Component:
    is_account = name == "account"
    good = when(State.is_account_good & ~is_set(_PROBLEMS["account"]), icon("check", 16, class_name="gc-good"))
    return text_field(
        name,
        label,
        problem=loose(_PROBLEMS)[name],
        help=help_,
        required=True,
        suffix=good if is_account else None,
        draft=State.account if is_account else State.instance,
        serial=State.serial,
        on_blur=State.save_account if is_account else State.save_instance,
        on_leave=_leaving(name),
        auto_complete="off",
        spell_check=False,
        max_length=1000,
        **props,
    )


def _leaving(name: str) -> Any:
    def leave(value: rx.Var[str]) -> Any:
        return State.leave(name, value)

    return leave


def _failed() -> rx.Component:
    """What happened, why that may be and what to do, and that nothing has changed."""
    return note(
        rx.el.p(translated(_FAILURE.said)),
        when(
            _FAILURE.causes.length() > 0,
            rx.fragment(
                rx.el.p(text("cloud.causes_title")),
                rx.el.ul(rx.foreach(_FAILURE.causes, _cause)),
            ),
        ),
        rx.el.p(
            translated(_FAILURE.unchanged),
            when(
                _FAILURE.number != "",
                rx.fragment(
                    " ",
                    text("cloud.number"),
                    " ",
                    rx.el.span(_FAILURE.number, class_name="gc-mono"),
                    " · ",
                    _FAILURE.at,
                ),
            ),
            class_name="gc-note-foot",
        ),
        tone="red",
        title=text("cloud.failed"),
        is_live=True,
    )


def _cause(cause: Any) -> rx.Component:
    return rx.el.li(with_contact(cause))


def _waiting(cloud: Provider) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.div(
                rx.el.span(class_name="gc-pulse", custom_attrs=attributes(aria_hidden=True)),
                rx.el.div(
                    rx.el.b(text(f"cloud.{cloud}.waiting")),
                    rx.el.p(
                        text(f"cloud.{cloud}.waiting_lead"),
                        " ",
                        elapsed(text(f"cloud.{cloud}.waited", time="{time}"), start=State.waited, key=State.waits),
                    ),
                ),
                class_name="gc-arrival-row",
            ),
            class_name="gc-arrival",
        ),
        after(
            LATE_SECONDS,
            note(
                text(f"cloud.{cloud}.late_lead"), tone="amber", title=text(f"cloud.{cloud}.late"), icon_name="life-buoy"
            ),
            key=State.waits,
        ),
    )


def _received(cloud: Provider) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(icon("check", 18), class_name="gc-arrival-mark"),
            rx.el.div(
                rx.el.b(text(f"cloud.{cloud}.received")),
                rx.el.p(text(f"cloud.{cloud}.received_lead", account=State.received)),
            ),
            class_name="gc-arrival-row",
        ),
        class_name="gc-arrival here",
    )
