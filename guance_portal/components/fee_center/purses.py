"""代金券 and 预购卡: what is left of each, until when, and what for; with 激活代金券 and 购买预购卡."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal.components.badges import Tone, badge
from guance_portal.components.base import Words, attributes
from guance_portal.components.buttons import button
from guance_portal.components.choices import switch
from guance_portal.components.dialog import cancel_button, dialog
from guance_portal.components.feedback import empty_state, loading, note, skeleton
from guance_portal.components.fields import text_field
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form
from guance_portal.components.icons import icon
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.table import Column, table
from guance_portal.components.words import said, t
from guance_portal.state.fee_center.card import CardForm, CardState
from guance_portal.state.fee_center.purses import PursesState as State
from guance_portal.state.fee_center.voucher import CodeForm, VoucherState

_TONES: dict[str, Tone] = {"usable": "green", "not_yet": "indigo", "spent": "gray", "expired": "gray"}
_GIVES: Any = VoucherState.gives
_EFFECT: Any = CardState.effect


def purses_panel(title: Words, empty: Words, empty_lead: Words, foot: Words) -> rx.Component:
    """The list of one page."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.rows.length() > 0,
                rx.fragment(
                    table(
                        (
                            Column(t("purses.what"), _what, phone="main"),
                            Column(t("purses.used_and_rest"), _bar),
                            Column(t("purses.validity"), _validity),
                            Column(t("purses.came_by"), lambda row: said(row.came_by), phone="hidden"),
                            Column(t("purses.state"), _state, is_end=True, phone="main"),
                        ),
                        State.rows,
                        label=title,
                    ),
                    rx.el.div(
                        rx.el.span(foot),
                        rx.el.span(t("purses.usable_sum", amount=State.usable)),
                        class_name="gc-table-foot gc-spread",
                    ),
                ),
                empty_state(empty, empty_lead, icon_name="ticket"),
            ),
            loading(skeleton(height="56px"), skeleton(height="56px")),
        ),
        title=title,
        is_flush=True,
    )


def voucher_action() -> rx.Component:
    """激活代金券."""
    return button(t("voucher.title"), kind="secondary", icon_name="ticket", on_click=VoucherState.open_voucher)


def card_action() -> rx.Component:
    """购买预购卡."""
    return button(t("card.title"), kind="secondary", icon_name="credit-card", on_click=CardState.open_card)


def voucher_dialog() -> rx.Component:
    """激活代金券: the code, what it gives, the act."""
    state = VoucherState
    gives = rx.el.div(
        facts(
            (t("voucher.kind"), t("wallet_page.kind_voucher")),
            (t("voucher.face"), rx.el.b(_GIVES.amount)),
            (t("voucher.until"), said(_GIVES.until)),
            (t("voucher.scope"), said(_GIVES.scope)),
        ),
        class_name="gc-offer",
    )
    return dialog(
        form(
            text_field(
                "code",
                t("voucher.code"),
                problem=state.problems["code"],
                help=t("voucher.code_help"),
                required=True,
                on_leave=state.look_at_code,
                auto_complete="off",
                spell_check=False,
                max_length=80,
            ),
            rx.el.div(when(_GIVES.amount != "", gives), custom_attrs=attributes(aria_live="polite")),
            note(t("voucher.once")),
            on_submit=state.activate,
            busy=state.is_busy,
            refusals=state.refusals,
            problems=state.problems,
            labels=form_labels(CodeForm),
            id="voucher-form",
            key=state.openings,
        ),
        id="activate-voucher",
        title=t("voucher.title"),
        description=t("voucher.lead"),
        is_open=state.is_open,
        opened_by=(state.open_voucher,),
        on_close=state.close_voucher,
        footer=(
            cancel_button(),
            button(
                rx.cond(_GIVES.amount != "", t("voucher.activate_amount", amount=_GIVES.amount), t("voucher.activate")),
                busy=state.is_busy,
                type="submit",
                form="voucher-form",
            ),
        ),
        busy=state.is_busy,
    )


def card_dialog() -> rx.Component:
    """购买预购卡: the price, what it does, the act."""
    state = CardState
    return dialog(
        form(
            text_field(
                "amount",
                t("card.amount"),
                problem=state.problems["amount"],
                help=t("card.amount_help"),
                required=True,
                prefix=state.symbol,
                on_keep=state.price_card,
                on_leave=state.price_card,
                input_mode="decimal",
                auto_complete="off",
                max_length=40,
            ),
            rx.el.div(when(_EFFECT.total != "", _card_effect()), custom_attrs=attributes(aria_live="polite")),
            switch("is_kept", t("card.is_kept")),
            note(t("card.final"), tone="amber", title=t("card.final_title")),
            on_submit=state.buy_card,
            busy=state.is_busy,
            refusals=state.refusals,
            problems=state.problems,
            labels=form_labels(CardForm),
            id="card-form",
            key=state.openings,
        ),
        id="buy-card",
        title=t("card.title"),
        description=t("card.lead"),
        is_open=state.is_open,
        opened_by=(state.open_card,),
        on_close=state.close_card,
        footer=(
            cancel_button(),
            button(
                rx.cond(_EFFECT.total != "", t("card.buy_amount", amount=_EFFECT.total), t("card.buy")),
                busy=state.is_busy,
                type="submit",
                form="card-form",
            ),
        ),
        busy=state.is_busy,
    )


def _card_effect() -> rx.Component:
    return rx.el.div(
        facts(
            (t("wallet_page.cash"), _change(_EFFECT.cash_before, _EFFECT.cash_after)),
            (t("wallet_page.cards"), _change(_EFFECT.cards_before, _EFFECT.cards_after)),
            (t("purses.validity"), t("purses.valid", since=_EFFECT.since, until=_EFFECT.until)),
            (t("card.bonus"), rx.el.b(_EFFECT.bonus)),
        ),
        class_name="gc-offer gc-effect",
    )


def _change(before: Any, after: Any) -> rx.Component:
    return rx.el.span(before, icon("arrow-right", 14), rx.el.b(after))


def _what(row: Any) -> rx.Component:
    sign = rx.el.i(class_name=f"gc-purse {row.look}", custom_attrs=attributes(aria_hidden=True))
    return rx.el.span(
        rx.el.span(sign, said(row.name), class_name="gc-purse-name"),
        rx.el.small(row.number, " · ", row.face, class_name="gc-mono"),
        class_name="gc-two",
    )


def _bar(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.progress(value=row.spent, max=100, class_name="gc-bar", aria_label=t("purses.used", amount=row.used)),
        rx.el.span(
            rx.el.span(t("purses.used", amount=row.used)),
            rx.el.b(t("purses.rest", amount=row.rest)),
            class_name="gc-quota-foot",
        ),
        class_name="gc-purse-bar",
    )


def _validity(row: Any) -> rx.Component:
    return rx.el.span(rx.el.span(said(row.valid)), rx.el.small(said(row.scope)), class_name="gc-two")


def _state(row: Any) -> Any:
    shown = ((state, badge(t(f"purses.{state}"), tone=tone)) for state, tone in _TONES.items())
    return cast("Any", rx).match(row.state, *shown, rx.fragment())
