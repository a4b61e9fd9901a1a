"""充值: the amount, the way, and beside them what the recharge will do."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal.components.base import VERBATIM, attributes
from guance_portal.components.buttons import submit
from guance_portal.components.fee_center.way_cards import way_cards
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.fields import text_field
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, stack, when
from guance_portal.components.waiting import remaining
from guance_portal.state.fee_center.recharge import RechargeForm
from guance_portal.state.fee_center.recharge import RechargeState as State

_QUICK = ("500", "1000", "2000", "5000", "10000")
_EFFECT: Any = State.effect
_LIMITS: Any = State.limits
_IS_BANK = State.way == "bank"


def recharge_panels() -> rx.Component:
    """The form, and beside it what it will do."""
    return rx.cond(
        State.is_loaded,
        rx.el.div(
            stack(_pending(), when(State.stopped.zh != "", note(translated(State.stopped), tone="red")), _form_panel()),  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
            stack(_effect_panel(), _know_panel()),
            class_name="gc-beside",
        ),
        loading(skeleton(height="320px")),
    )


def _form_panel() -> rx.Component:
    return panel(
        form(
            rx.el.div(_amount(), _quick(), class_name="gc-amount"),
            way_cards(),
            rx.el.div(
                submit(
                    rx.cond(
                        _IS_BANK,
                        text("recharge.show_account"),
                        rx.cond(
                            _EFFECT.total != "", text("recharge.pay_amount", amount=_EFFECT.total), text("recharge.pay")
                        ),
                    ),
                    busy=State.is_busy,
                    is_wide=False,
                ),
                rx.el.small(rx.cond(_IS_BANK, text("recharge.bank_note"), text("recharge.pay_note"))),
                class_name="gc-row gc-pay",
            ),
            on_submit=State.pay,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels=form_labels(RechargeForm),
        ),
        title=text("recharge.form"),
    )


def _amount() -> rx.Component:
    return text_field(
        "amount",
        text("recharge.amount"),
        problem=State.problems["amount"],
        help=rx.cond(_IS_BANK, translated(_LIMITS.transfer), translated(_LIMITS.online)),
        required=True,
        prefix=State.symbol,
        draft=State.amount,
        serial=State.serial,
        on_save=State.type_amount,
        on_leave=State.leave_amount,
        input_mode="decimal",
        auto_complete="off",
        max_length=40,
    )


def _quick() -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                State.symbol,
                f"{int(value):,}",
                type="button",
                on_click=State.pick_amount(value),
                class_name="gc-quick",
                custom_attrs=attributes(aria_pressed=State.amount == value),
            )
            for value in _QUICK
        ),
        class_name="gc-quicks",
        role="group",
        aria_label=text("recharge.usual"),
    )


def _effect_panel() -> rx.Component:
    """What the amount will do, by the function that does it."""
    known = facts(
        (
            text("recharge.pays_debt"),
            rx.cond(
                _EFFECT.has_debt,
                rx.el.span(_EFFECT.paid_debt),
                rx.el.span(_EFFECT.paid_debt, " ", rx.el.small(text("recharge.no_debt"))),
            ),
        ),
        (text("recharge.debt_after"), rx.el.b(_EFFECT.debt_left)),
        (
            text("recharge.balance"),
            rx.cond(
                _EFFECT.cash_after != "",
                rx.el.span(_EFFECT.cash_before, icon("arrow-right", 14), rx.el.b(_EFFECT.cash_after)),
                rx.el.b(text("recharge.cash_more", amount=_EFFECT.cash)),
            ),
        ),
    )
    return panel(
        rx.el.div(
            rx.cond(
                _EFFECT.total != "",
                rx.fragment(
                    known,
                    when(_EFFECT.unlocks.zh != "", facts((text("debt.unlocks_row"), translated(_EFFECT.unlocks)))),
                ),
                rx.el.p(text("recharge.effect_waits"), class_name="gc-muted"),
            ),
            class_name="gc-effect",
            custom_attrs=attributes(aria_live="polite"),
        ),
        rx.el.p(icon("info", 14), rx.el.span(text("recharge.effect_note")), class_name="gc-small-note"),
        title=text("recharge.effect"),
    )


def _know_panel() -> rx.Component:
    lines = (("clock", "live"), ("shield-check", "once"), ("undo-2", "late"), ("receipt-text", "found"))
    return panel(
        rx.el.ul(
            *(rx.el.li(icon(name), rx.el.span(text(f"recharge.know_{key}"))) for name, key in lines),
            class_name="gc-know",
        ),
        title=text("recharge.know"),
    )


def _pending() -> rx.Component:
    return when(
        State.pending.length() > 0,
        rx.el.section(rx.foreach(State.pending, _order), aria_label=text("recharge.pending"), class_name="gc-stack"),
    )


def _order(row: Any) -> rx.Component:
    return note(
        rx.el.span(row.number, class_name="gc-mono", **VERBATIM),
        " · ",
        translated(row.way),
        " · ",
        remaining(text("recharge.pending_left", time="{time}"), seconds=row.left),
        title=text("recharge.pending_one", amount=row.amount),
        icon_name="hourglass",
        action=link(text("recharge.go_on"), href=row.href, class_name="gc-button link"),
    )
