"""代金券 and 预购卡: what is left of each, until when, and what for; with 激活代金券 and 购买预购卡."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from guance_portal.components.badges import Tone, badge
from guance_portal.components.base import TextLike, attributes
from guance_portal.components.buttons import button
from guance_portal.components.choices import switch
from guance_portal.components.feedback import empty_state, loading, note, skeleton
from guance_portal.components.fields import text_field
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.icons import icon
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, panel, when
from guance_portal.components.table import Column, table
from guance_portal.state.fee_center.card import CardForm, CardState
from guance_portal.state.fee_center.purses import PursesState as State
from guance_portal.state.fee_center.voucher import VoucherCodeForm, VoucherState

_TONES: dict[str, Tone] = {"usable": "green", "not_yet": "indigo", "spent": "gray", "expired": "gray"}
_GIVES: Any = VoucherState.gives
_EFFECT: Any = CardState.effect


def purses_panel(title: TextLike, empty: TextLike, empty_lead: TextLike, foot: TextLike) -> rx.Component:
    """The list of one page."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.rows.length() > 0,
                rx.fragment(
                    table(
                        (
                            Column(text("purses.what"), _what, phone="main"),
                            Column(text("purses.used_and_rest"), _bar),
                            Column(text("purses.validity"), _validity),
                            Column(text("purses.came_by"), lambda row: translated(row.came_by), phone="line"),
                            Column(text("purses.state"), _state, is_end=True, phone="main"),
                        ),
                        State.rows,
                        label=title,
                    ),
                    rx.el.div(
                        rx.el.span(foot),
                        rx.el.span(text("purses.usable_sum", amount=State.usable)),
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
    return button(text("voucher.title"), kind="secondary", icon_name="ticket", on_click=VoucherState.open_voucher)


def card_action() -> rx.Component:
    """购买预购卡."""
    return button(text("card.title"), kind="secondary", icon_name="credit-card", on_click=CardState.open_card)


def voucher_dialog() -> rx.Component:
    """激活代金券: the code, what it gives, the act."""
    state = VoucherState
    gives = rx.el.div(
        facts(
            (text("voucher.kind"), text("wallet_page.kind_voucher")),
            (text("voucher.face"), rx.el.b(_GIVES.amount)),
            (text("voucher.until"), translated(_GIVES.until)),
            (text("voucher.scope"), translated(_GIVES.scope)),
        ),
        class_name="gc-offer",
    )
    return form_dialog(
        text_field(
            "code",
            text("voucher.code"),
            problem=state.problems["code"],
            help=text("voucher.code_help"),
            required=True,
            on_leave=state.look_at_code,
            auto_complete="off",
            spell_check=False,
            max_length=80,
        ),
        rx.el.div(when(_GIVES.amount != "", gives), custom_attrs=attributes(aria_live="polite")),
        note(text("voucher.once")),
        state=state,
        form_of=VoucherCodeForm,
        id="activate-voucher",
        title=text("voucher.title"),
        description=text("voucher.lead"),
        confirm=rx.cond(
            _GIVES.amount != "", text("voucher.activate_amount", amount=_GIVES.amount), text("voucher.activate")
        ),
        on_submit=state.activate,
        is_open=state.is_open,
        opened_by=(state.open_voucher,),
        on_close=state.close_voucher,
        key=state.openings,
    )


def card_dialog() -> rx.Component:
    """购买预购卡: the price, what it does, the act."""
    state = CardState
    return form_dialog(
        text_field(
            "amount",
            text("card.amount"),
            problem=state.problems["amount"],
            help=text("card.amount_help"),
            required=True,
            prefix=state.symbol,
            on_save=state.price_card,
            on_leave=state.price_card,
            input_mode="decimal",
            auto_complete="off",
            max_length=40,
        ),
        rx.el.div(when(_EFFECT.total != "", _card_effect()), custom_attrs=attributes(aria_live="polite")),
        switch("is_kept", text("card.is_kept")),
        note(text("card.final"), tone="amber", title=text("card.final_title")),
        state=state,
        form_of=CardForm,
        id="buy-card",
        title=text("card.title"),
        description=text("card.lead"),
        confirm=rx.cond(_EFFECT.total != "", text("card.buy_amount", amount=_EFFECT.total), text("card.buy")),
        on_submit=state.buy_card,
        is_open=state.is_open,
        opened_by=(state.open_card,),
        on_close=state.close_card,
        key=state.openings,
    )


def _card_effect() -> rx.Component:
    return rx.el.div(
        facts(
            (text("wallet_page.cash"), _change(_EFFECT.cash_before, _EFFECT.cash_after)),
            (text("wallet_page.cards"), _change(_EFFECT.cards_before, _EFFECT.cards_after)),
            (text("purses.validity"), text("purses.valid", since=_EFFECT.since, until=_EFFECT.until)),
            (text("card.bonus"), rx.el.b(_EFFECT.bonus)),
        ),
        class_name="gc-offer gc-effect",
    )


def _change(before: Any, after: Any) -> rx.Component:
    return rx.el.span(before, icon("arrow-right", 14), rx.el.b(after))


def _what(row: Any) -> rx.Component:
    sign = rx.el.i(class_name=f"gc-purse {row.look}", custom_attrs=attributes(aria_hidden=True))
    return rx.el.span(
        rx.el.span(sign, translated(row.name), class_name="gc-purse-name"),
        rx.el.small(row.number, " · ", row.face, class_name="gc-mono"),
        class_name="gc-two",
    )


def _bar(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.progress(value=row.spent, max=100, class_name="gc-bar", aria_label=text("purses.used", amount=row.used)),
        rx.el.span(
            rx.el.span(text("purses.used", amount=row.used)),
            rx.el.b(text("purses.rest", amount=row.rest)),
            class_name="gc-quota-foot",
        ),
        class_name="gc-purse-bar",
    )


def _validity(row: Any) -> rx.Component:
    return rx.el.span(rx.el.span(translated(row.valid)), rx.el.small(translated(row.scope)), class_name="gc-two")


def _state(row: Any) -> Any:
    shown = ((state, badge(text(f"purses.{state}"), tone=tone)) for state, tone in _TONES.items())
    return cast("Any", rx).match(row.state, *shown, rx.fragment())
