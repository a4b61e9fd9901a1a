"""The parts of a simulated marketplace: what is sold, what was bought, what was said, and how to let it misbehave."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM, TextLike
from guance_portal.components.buttons import button, copy_button, submit
from guance_portal.components.choices import Card, checkbox, radio_cards
from guance_portal.components.feedback import empty_state, loading, skeleton
from guance_portal.components.fields import text_field
from guance_portal.components.forms import form, handover_form, hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.layout import panel
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.components.selects import Option, select_field
from guance_portal.sandbox.rules import Sku, Term, Whim
from guance_portal.state.sandbox.market import SandboxMarketState as State

_TONES = {"ordered": "amber", "live": "green", "expired": "red", "cancelled": "gray", "released": "gray"}
_SENT = {"waiting": "amber", "done": "green", "failed": "red"}
# Handlers whose arguments come from rows, which a type checker cannot follow.
_ACT: Any = State.act
_ASK: Any = State.ask
_SET_WHIM: Any = State.set_whim
_ENDINGS = ("expire", "cancel", "release")


def grid(left: rx.Component, right: rx.Component) -> rx.Component:
    """A narrow column and a wide one; below each other where there is no room."""
    return rx.el.div(left, right, class_name="gc-market-grid")


def product(provider: str) -> rx.Component:
    """What is sold, and the form to buy it."""
    account, digits = text(f"market.account_{provider}"), 16 if provider == "aliyun" else 12
    return panel(
        form(
            text_field(
                "account",
                account,
                problem=State.problems["account"],
                help=text("market.account_help", digits=digits),
                draft=State.account,
                serial=State.serial,
                input_mode="numeric",
                auto_complete="off",
                max_length=40,
                action=button(text("market.another"), kind="secondary", on_click=State.another_account),
            ),
            *(
                [
                    select_field(
                        "product",
                        text("market.which"),
                        [Option(name, text(f"market.which_{name}")) for name in ("ours", "other")],
                    )
                ]
                if provider == "aws"
                else [hidden_field("product", "ours")]
            ),
            radio_cards(
                "sku",
                text("market.plan"),
                [Card(sku.value, text(f"market.{sku}")) for sku in Sku],
                value=Sku.STANDARD,
            ),
            select_field(
                "term",
                text("market.term"),
                [Option(term.value, text(f"market.term_{term}")) for term in Term],
            ),
            submit(text(f"market.subscribe_{provider}"), busy=State.is_busy),
            on_submit=State.subscribe,
            busy=State.is_busy,
            refusals=State.refusals,
            problems=State.problems,
            labels={"account": account},
        ),
        title=text("market.product"),
        lead=text("market.product_lead"),
    )


def purchases(provider: str) -> rx.Component:
    """我的购买."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.purchases.length() > 0,
                rx.el.ul(
                    rx.foreach(State.purchases, partial(_purchase, provider=provider)), class_name="gc-market-list"
                ),
                empty_state(text("market.no_purchases"), text("market.no_purchases_lead"), icon_name="shopping-bag"),
            ),
            loading(*(skeleton(height="96px") for _ in range(2))),
        ),
        *(
            [handover_form(routes.AWS_LANDING, {"x-amzn-marketplace-token": State.token}, State.is_leaving)]
            if provider == "aws"
            else []
        ),
        title=text("market.purchases"),
    )


def whims() -> rx.Component:
    """The ways in which it can be asked to misbehave."""
    return panel(
        rx.el.div(*(_whim(whim) for whim in Whim), class_name="gc-market-whims"),
        title=text("market.whims"),
        lead=text("market.whims_lead"),
    )


def deliveries() -> rx.Component:
    """What was sent to the portal, and what it answered."""
    return panel(
        rx.cond(
            State.is_loaded,
            rx.cond(
                State.deliveries.length() > 0,
                rx.el.ul(rx.foreach(State.deliveries, _delivery), class_name="gc-market-list"),
                empty_state(text("market.no_deliveries"), text("market.no_deliveries_lead"), icon_name="send"),
            ),
            loading(*(skeleton(height="44px") for _ in range(3))),
        ),
        title=text("market.deliveries"),
    )


def _whim(whim: Whim) -> rx.Component:
    is_on: Any = State.whims[whim.value]
    return checkbox(
        whim.value,
        text(f"market.{whim}"),
        role="switch",
        class_name="gc-switch",
        checked=is_on.bool(),
        on_change=_SET_WHIM(whim.value, ~is_on.bool()),
    )


def _purchase(row: rx.Var[Any], provider: str) -> rx.Component:
    one: Any = row
    return rx.el.li(
        rx.el.div(
            rx.el.h3(rx.cond(one.is_premium, text("market.premium"), text("market.standard"))),
            _state(one.state, _TONES),
            when(one.is_other, badge(text("market.other"), tone="gray")),
            when(one.is_trial, badge(text("market.trial"), tone="indigo")),
            class_name="gc-row",
        ),
        rx.el.dl(
            _fact(text(f"market.account_{provider}"), one.account, text("market.copy_account")),
            rx.cond(
                one.instance != "",
                _fact(text(f"market.instance_{provider}"), one.instance, text("market.copy_instance")),
                _pair(text(f"market.instance_{provider}"), text("market.instance_waits")),
            ),
            _pair(text(f"market.reference_{provider}"), rx.el.span(one.reference, class_name="gc-mono", **VERBATIM)),
            _pair(text("market.created"), translated(one.created_at)),
            _pair(
                text("market.expires"),
                rx.cond(one.expires_at.zh != "", translated(one.expires_at), text("market.never")),
            ),
            class_name="gc-market-facts",
        ),
        rx.cond(State.asking == one.id, _asked(one), _actions(one, provider)),
    )


def _actions(one: Any, provider: str) -> rx.Component:
    return rx.el.div(
        _enter(one) if provider == "aliyun" else _set_up(one),
        when(one.can_renew, _act(one, "renew")),
        when(one.can_upgrade, _act(one, "upgrade")),
        when(one.can_end, _ask(one, "expire")),
        when(one.can_end, _ask(one, "cancel")),
        when(one.can_release, _ask(one, "release")),
        class_name="gc-row",
    )


def _enter(one: Any) -> rx.Component:
    # A plain link: 免登 leaves for an address outside the pages.
    return when(
        one.enter_href != "",
        A.create(icon("log-in"), text("market.enter"), href=one.enter_href, class_name="gc-button primary small"),
    )


def _set_up(one: Any) -> rx.Component:
    return rx.fragment(
        button(text("market.set_up"), size="small", on_click=State.set_up(one.id, "good")),
        rx.el.details(
            rx.el.summary(text("market.tests")),
            rx.el.div(
                *(
                    button(
                        text(f"market.set_up_{how}"), kind="secondary", size="small", on_click=State.set_up(one.id, how)
                    )
                    for how in ("expired", "used", "foreign")
                ),
                class_name="gc-row",
            ),
            class_name="gc-market-tests",
        ),
    )


def _act(one: Any, act: str) -> rx.Component:
    return button(text(f"market.{act}"), kind="secondary", size="small", busy=State.is_busy, on_click=_ACT(one.id, act))


def _ask(one: Any, act: str) -> rx.Component:
    return button(text(f"market.{act}"), kind="secondary", size="small", on_click=_ASK(one.id, act))


def _asked(one: Any) -> rx.Component:
    """The question before an end, in the place of the actions."""
    words = _one_of(State.asking_act, *((act, text(f"market.ask_{act}")) for act in _ENDINGS), "")
    confirm = _one_of(State.asking_act, *((act, text(f"market.confirm_{act}")) for act in _ENDINGS), "")
    return rx.el.div(
        rx.el.p(words),
        rx.el.div(
            button(
                confirm,
                kind="danger",
                size="small",
                busy=State.is_busy,
                on_click=_ACT(one.id, State.asking_act),
                auto_focus=True,
            ),
            button(text("market.leave_it"), kind="soft", size="small", on_click=State.leave_it),
            class_name="gc-row",
        ),
        class_name="gc-market-asked",
        role="alert",
    )


def _fact(name: TextLike, value: Any, copy: TextLike) -> rx.Component:
    return _pair(name, rx.el.span(rx.el.span(value, class_name="gc-mono", **VERBATIM), copy_button(value, label=copy)))


def _pair(name: TextLike, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))


def _state(state: Any, tones: dict[str, Any]) -> rx.Component:
    return _one_of(
        state, *((name, badge(text(f"market.{name}"), tone=tone)) for name, tone in tones.items()), rx.fragment()
    )


def _delivery(row: rx.Var[Any]) -> rx.Component:
    one: Any = row
    return rx.el.li(
        rx.el.div(
            rx.el.b(one.kind, class_name="gc-mono", **VERBATIM),
            when(one.copies > 1, rx.el.span(text("market.copies", count=one.copies))),
            _state(one.state, _SENT),
            rx.el.small(translated(one.at)),
            when(one.attempts > 1, rx.el.small(text("market.attempts", count=one.attempts))),
            class_name="gc-row",
        ),
        rx.el.div(
            when(
                one.answer != "",
                rx.el.details(
                    rx.el.summary(text("market.answer")),
                    rx.el.pre(one.answer, **VERBATIM),
                    class_name="gc-market-answer",
                ),
            ),
            button(text("market.send_again"), kind="soft", size="small", on_click=State.send_again(one.id)),
            class_name="gc-row gc-spread",
        ),
    )


def _one_of(value: Any, *cases: Any) -> Any:
    """`rx.match`, whose type says less than it could."""
    return cast("Any", rx).match(value, *cases)
