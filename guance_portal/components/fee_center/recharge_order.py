"""One recharge order: waiting to be paid, done, expired, or with money that waits for a person."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.components.base import attributes
from guance_portal.components.buttons import button
from guance_portal.components.fee_center.recharge_outcome import (
    asides,
    done,
    help_panel,
    missing,
    order_panel,
    over,
)
from guance_portal.components.feedback import loading, skeleton
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.waiting import elapsed, remaining
from guance_portal.state.fee_center.recharge_order import RechargeOrderState as State

_SHOWN: Any = State.shown


def order_panels() -> rx.Component:
    """The order as it stands, and below it what else came for it."""
    return stack(
        rx.el.p(_status(), class_name="gc-hidden", role="status"),
        _match(
            _SHOWN.phase,
            ("open", _waiting()),
            ("paid", done()),
            ("expired", over(text("recharge_order.expired"), text("recharge_order.expired_lead"), "timer-off")),
            ("cancelled", over(text("recharge_order.cancelled"), text("recharge_order.cancelled_lead"), "circle-x")),
            ("held", over(text("recharge_order.held"), text("recharge_order.held_lead"), "hourglass")),
            ("missing", missing()),
            loading(skeleton(height="280px")),
        ),
        asides(),
    )


def _status() -> Any:
    """What is read aloud when it changes."""
    return _match(
        _SHOWN.phase,
        ("open", text("recharge_order.waiting")),
        ("paid", text("recharge_order.done", amount=_SHOWN.amount)),
        ("expired", text("recharge_order.expired")),
        ("cancelled", text("recharge_order.cancelled")),
        ("held", text("recharge_order.held")),
        "",
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        panel(
            rx.el.div(
                _where(),
                rx.el.div(
                    rx.el.div(
                        rx.el.span(class_name="gc-pulse", custom_attrs=attributes(aria_hidden=True)),
                        rx.el.div(
                            rx.el.b(text("recharge_order.waiting")),
                            elapsed(
                                text("recharge_order.waited", time="{time}"), start=_SHOWN.waited, class_name="gc-line"
                            ),
                        ),
                        class_name="gc-waits",
                    ),
                    rx.el.div(
                        icon("hourglass", 18),
                        rx.el.div(
                            rx.el.b(
                                remaining("{time}", seconds=_SHOWN.left, serial=State.serial, on_end=State.look_again)
                            ),
                            rx.el.small(text("recharge_order.left_note"), class_name="gc-line"),
                        ),
                        class_name="gc-left",
                    ),
                    _steps(),
                    rx.el.div(
                        button(
                            text("recharge_order.ask"),
                            kind="secondary",
                            icon_name="refresh-cw",
                            on_click=State.ask,
                            busy=State.is_busy,
                        ),
                        link(text("recharge_order.other_way"), href=routes.RECHARGE, class_name="gc-button link"),
                        button(text("recharge_order.cancel"), kind="link", on_click=State.cancel, busy=State.is_busy),
                        class_name="gc-row",
                    ),
                    class_name="gc-stack",
                ),
                class_name="gc-paying",
            ),
        ),
        stack(order_panel(), help_panel()),
        class_name="gc-beside",
    )


def _where() -> rx.Component:
    """Where it is paid: a code for the phone, or the provider's page in a new tab."""
    opens = A.create(
        rx.cond(_SHOWN.way == "alipay", text("recharge_order.to_alipay"), text("recharge_order.to_cashier")),
        icon("arrow-up-right", 14),
        rx.el.span(text("cloud.opens_new_tab"), class_name="gc-hidden"),
        href=_SHOWN.href,
        target="_blank",
        rel="noopener",
        class_name="gc-button primary large",
        custom_attrs=attributes(data_pay=""),
    )
    nowhere = rx.el.div(
        rx.el.p(text("recharge_order.nowhere")),
        button(text("recharge_order.call_again"), on_click=State.call_again, busy=State.is_busy),
        class_name="gc-stack",
    )
    return rx.el.div(
        when(
            _SHOWN.qr != "",
            rx.el.img(src=_SHOWN.qr, alt=text("recharge_order.qr"), width=205, height=205, class_name="gc-qr"),
        ),
        rx.el.p(rx.el.i(_SHOWN.symbol), _SHOWN.figure, class_name="gc-money gc-figure key"),
        when(_SHOWN.qr != "", rx.el.small(text("recharge_order.scan"))),
        rx.cond(
            (_SHOWN.href == "") & (_SHOWN.qr == ""),
            nowhere,
            when(_SHOWN.href != "", opens),
        ),
        class_name="gc-pay-at",
    )


def _steps() -> rx.Component:
    return rx.el.ol(
        rx.el.li(icon("check", 14), rx.el.span(text("recharge_order.step_made")), class_name="done"),
        rx.el.li(
            rx.el.i(),
            rx.el.span(
                rx.cond(_SHOWN.way == "wechat", text("recharge_order.step_scan"), text("recharge_order.step_pay")),
            ),
            class_name="now",
            custom_attrs=attributes(aria_current="step"),
        ),
        rx.el.li(rx.el.i(), rx.el.span(text("recharge_order.step_told"))),
        rx.el.li(rx.el.i(), rx.el.span(text("recharge_order.step_credited"))),
        class_name="gc-pay-steps",
    )


def _match(value: Any, *cases: Any) -> Any:
    """`rx.match`, whose type says less than it could."""
    return cast("Any", rx).match(value, *cases)
