"""Balances as key figures and as a strip, what expires soon, the order of deduction."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import Child, TextLike, attributes
from guance_portal.components.buttons import link_button
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.money import money
from guance_portal.components.page_parts import panel, when
from guance_portal.components.tabs import tabs
from guance_portal.state.fee_center.wallet import WalletState as State

_HELD: Any = State.balances


def recharge_action() -> rx.Component:
    """充值."""
    return link_button(text("recharge.title"), href=routes.RECHARGE, icon_name="plus")


def balance_figures() -> rx.Component:
    """Cash, vouchers, cards and debt, each a panel of its own."""
    debt = rx.cond(
        _HELD.has_debt,
        link(text("wallet_page.settle"), href=routes.RECHARGE),
        rx.el.span(icon("circle-check", 14), text("wallet_page.no_debt"), class_name="gc-good-line"),
    )
    cash = link(text("statement.title"), href=routes.WALLET)
    return rx.el.div(
        _figure("wallet", text("wallet_page.cash"), _HELD.cash, rx.el.span(text("wallet_page.cash_note")), cash),
        _figure(
            "ticket",
            text("wallet_page.vouchers"),
            _HELD.vouchers,
            rx.el.span(translated(_HELD.vouchers_note)),
            link(text("wallet_page.manage"), href=routes.VOUCHERS),
        ),
        _figure(
            "credit-card",
            text("wallet_page.cards"),
            _HELD.cards,
            rx.el.span(translated(_HELD.cards_note)),
            link(text("wallet_page.manage_cards"), href=routes.CARDS),
        ),
        _figure("scale", text("wallet_page.debt"), _HELD.debt, debt, is_owed=_HELD.has_debt),
        class_name="gc-figures",
    )


def wallet_tabs(active: str) -> rx.Component:
    """收支明细, 代金券, 预购卡, 充值记录."""
    places = (
        (text("statement.title"), routes.WALLET),
        (text("wallet_page.vouchers"), routes.VOUCHERS),
        (text("wallet_page.cards"), routes.CARDS),
        (text("records.title"), routes.RECHARGES),
    )
    return tabs(text("wallet_page.title"), places, active=active)


def balance_strip() -> rx.Component:
    """The same in one panel, in the colours of the purses."""
    figures = (("cash", _HELD.cash), ("voucher", _HELD.vouchers), ("card", _HELD.cards), ("debt", _HELD.debt))
    names = {"cash": "cash", "voucher": "vouchers", "card": "cards", "debt": "debt"}
    return rx.el.section(
        *(
            rx.el.div(
                purse(kind, text(f"wallet_page.{names[kind]}")),
                rx.el.span(rx.el.i(_HELD.symbol), value, class_name="gc-money gc-figure"),
            )
            for kind, value in figures
        ),
        when(_HELD.has_credit, _other("credit", _HELD.credit)),
        when(_HELD.has_hold, _other("hold", _HELD.hold)),
        class_name="gc-panel gc-strip",
        aria_label=text("wallet_page.balances"),
    )


def purse(kind: str, name: TextLike) -> rx.Component:
    """A purse's name with its colour."""
    return rx.el.span(
        rx.el.i(class_name=f"gc-purse {kind}", custom_attrs=attributes(aria_hidden=True)),
        name,
        class_name="gc-purse-name",
    )


def expiring_panel() -> rx.Component:
    """即将过期."""
    return panel(
        rx.cond(
            State.expiring.length() > 0,
            rx.el.ul(rx.foreach(State.expiring, _expiring), class_name="gc-expiring"),
            rx.el.p(text("wallet_page.nothing_expires"), class_name="gc-muted"),
        ),
        title=text("wallet_page.expiring"),
    )


def deduction_panel() -> rx.Component:
    """扣款顺序: who pays first."""
    order = (
        ("voucher", "plain_vouchers", _HELD.plain_vouchers),
        ("bonus", "bonus_vouchers", _HELD.bonus_vouchers),
        ("card", "cards", _HELD.cards),
        ("cash", "cash", _HELD.cash),
        ("debt", "debt", _HELD.debt),
    )
    return panel(
        rx.el.ol(
            *(
                rx.el.li(
                    rx.el.span(str(place), class_name="gc-step"),
                    purse(kind, text(f"wallet_page.{words}")),
                    rx.el.span(_HELD.symbol, value, class_name="gc-money"),
                )
                for place, (kind, words, value) in enumerate(order, 1)
            ),
            class_name="gc-deduction",
        ),
        rx.el.p(icon("info", 14), rx.el.span(text("wallet_page.order_note")), class_name="gc-small-note"),
        title=text("wallet_page.order"),
        lead=text("wallet_page.order_lead"),
    )


def _figure(
    icon_name: str, name: TextLike, value: Any, note: Child, more: Child | None = None, *, is_owed: Any = None
) -> rx.Component:
    look = (
        "gc-money gc-figure" if is_owed is None else rx.cond(is_owed, "gc-money gc-figure owed", "gc-money gc-figure")
    )
    return panel(
        rx.el.div(icon(icon_name), rx.el.span(name), class_name="gc-key-name"),
        rx.el.div(rx.el.i(_HELD.symbol), value, class_name=look),
        rx.el.div(note, *([more] if more is not None else []), class_name="gc-key-foot"),
        class_name="gc-key",
    )


def _other(kind: str, value: Any) -> rx.Component:
    return rx.el.div(
        purse("other", text(f"wallet_page.{kind}")),
        rx.el.span(rx.el.i(_HELD.symbol), value, class_name="gc-money gc-figure"),
    )


def _expiring(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(translated(row.name), " ", rx.el.span(row.number, class_name="gc-mono")),
            badge(translated(row.left), tone="amber"),
        ),
        rx.el.div(rx.el.small(translated(row.ends)), money(row.rest)),
    )
