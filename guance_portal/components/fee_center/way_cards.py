"""The ways to pay as radio cards; one that cannot be chosen says why."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.badges import badge
from guance_portal.components.base import attributes, loose
from guance_portal.components.choices import card_id, card_names, card_text
from guance_portal.components.field_frame import field_id, message
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.components.page_parts import when
from guance_portal.components.support import with_contact
from guance_portal.state.fee_center.recharge import RechargeState as State
from guance_portal.state.fee_center.recharge import WayName

WAYS: tuple[WayName, ...] = ("alipay", "wechat", "bank")
_CHARACTERS = {"alipay": "支", "wechat": "微"}


def way_cards() -> rx.Component:
    """A radio group named `way`; the radios start over once it is known what is usual."""
    return rx.el.fieldset(
        rx.el.legend(rx.el.span(text("recharge.way"), id=f"{field_id('way')}-legend")),
        *(_card(way) for way in WAYS),
        message(State.problems["way"], id=f"{field_id('way')}-problem"),
        id=field_id("way"),
        key=State.first_way,
        custom_attrs=attributes(
            tabIndex=-1,
            aria_labelledby=f"{field_id('way')}-legend",
            aria_describedby=f"{field_id('way')}-problem",
        ),
        class_name="gc-cards",
    )


def way_mark(way: str) -> rx.Component:
    """The tile of a way: a character, or a bank."""
    sign = icon("landmark", 16) if way == "bank" else _CHARACTERS[way]
    return rx.el.span(sign, class_name=f"gc-way {way}", custom_attrs=attributes(aria_hidden=True, data_verbatim=""))


def _card(way: WayName) -> rx.Component:
    id_ = card_id("way", way)
    why = loose(State.refused)[way]
    is_refused: Any = why.zh.bool()
    return rx.el.label(
        rx.el.input(
            name="way",
            type="radio",
            value=way,
            disabled=is_refused,
            default_checked=State.first_way == way,
            on_change=State.choose_way(way),
            custom_attrs=card_names(id_),
        ),
        way_mark(way),
        card_text(
            id_,
            text(f"recharge.way_{way}"),
            rx.el.span(text(f"recharge.about_{way}"), class_name="gc-card-detail"),
            when(is_refused, rx.el.span(icon("lock", 14), rx.el.span(with_contact(why)), class_name="gc-card-reason")),
            badge=when(State.last_way == way, badge(text("recharge.last_used"))),
        ),
        class_name=rx.cond(is_refused, "gc-card refused", "gc-card"),
    )
