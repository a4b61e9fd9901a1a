"""The marketplaces as operators read them: notices with their outcome, and subscriptions."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button, submit
from guance_portal.components.feedback import empty_state
from guance_portal.components.fields import text_field
from guance_portal.components.forms import plain_form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.operator.accounts import turning
from guance_portal.components.page_parts import when
from guance_portal.components.table import Column, table
from guance_portal.components.tabs import tabs
from guance_portal.state.operator.marketplaces import SUBSCRIPTIONS, MarketSearch
from guance_portal.state.operator.marketplaces import OperatorMarketplacesState as Markets

_NOTICES, _SUBSCRIPTIONS = routes.operator_marketplaces(), routes.operator_marketplaces(SUBSCRIPTIONS)

_ASKED = MarketSearch.asked()


def market_tabs() -> rx.Component:
    """Notices, or subscriptions."""
    items = ((text("operator.notices"), _NOTICES), (text("operator.subscriptions"), _SUBSCRIPTIONS))
    label = text("operator.marketplaces")
    return rx.cond(
        Markets.view == SUBSCRIPTIONS,
        tabs(label, items, active=_SUBSCRIPTIONS),
        tabs(label, items, active=_NOTICES),
    )


def market_search() -> rx.Component:
    """By any whole id, and notices by their outcome."""
    return plain_form(
        text_field(
            "q",
            text(_ASKED["q"].label),
            type="search",
            auto_complete="off",
            max_length=_ASKED["q"].limit,
            draft=Markets.asked,
            serial=Markets.serial,
        ),
        _outcomes(),
        submit(text("operator.find"), kind="secondary", size="large", is_wide=False),
        on_submit=Markets.find,
        class_name="gc-pricing-choice",
    )


def market_list() -> rx.Component:
    """What was found, page by page."""
    return rx.cond(Markets.view == SUBSCRIPTIONS, _subscriptions(), _notices())


def _outcomes() -> rx.Component:
    """Subscriptions have no outcome: there the choice is hidden and empty."""
    return rx.el.div(
        rx.el.div(rx.el.label(text(_ASKED["outcome"].label), html_for="field-outcome"), class_name="gc-label"),
        rx.el.span(
            rx.el.select(
                rx.el.option(text("operator.any_outcome"), value=""),
                rx.foreach(Markets.outcomes, lambda one: rx.el.option(translated(one.text), value=one.value)),  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType, reportUnknownArgumentType]
                id="field-outcome",
                name="outcome",
                default_value=Markets.outcome,
                key=Markets.serial,
            ),
            icon("chevron-down", class_name="gc-chevron"),
            class_name="gc-select",
        ),
        class_name="gc-field",
        hidden=Markets.view == SUBSCRIPTIONS,
    )


def _notices() -> rx.Component:
    return rx.cond(
        Markets.notices.length() > 0,
        rx.fragment(
            rx.el.ol(rx.foreach(Markets.notices, _notice), class_name="gc-audit"),
            turning(Markets.place, Markets.earlier, Markets.later),
        ),
        _nothing(text("operator.no_notice"), text("operator.no_notice_lead"), _NOTICES),
    )


def _notice(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.b(translated(row.kind)),
                " ",
                rx.match(
                    row.tone,
                    ("green", badge(translated(row.outcome), tone="green")),
                    ("red", badge(translated(row.outcome), tone="red")),
                    ("amber", badge(translated(row.outcome), tone="amber")),
                    badge(translated(row.outcome)),
                ),
            ),
            when(row.detail.zh != "", rx.el.span(translated(row.detail))),
            rx.el.small(translated(row.said)),
            when(
                row.about != "", rx.el.small(text("operator.account"), " ", link(row.about, href=row.href, **VERBATIM))
            ),
            class_name="gc-audit-said",
        ),
        rx.el.div(
            when(
                row.is_replayable,
                button(
                    text("operator.replay"),
                    kind="secondary",
                    size="small",
                    busy=Markets.replaying == row.id,
                    on_click=Markets.replay(row.id),
                ),
            ),
            class_name="gc-audit-do",
        ),
        rx.el.details(
            rx.el.summary(text("operator.payload")),
            rx.el.pre(row.payload, tab_index=0, **VERBATIM),
            class_name="gc-audit-raw",
        ),
    )


def _subscriptions() -> rx.Component:
    return rx.cond(
        Markets.subscriptions.length() > 0,
        rx.fragment(
            table(
                [
                    Column(text("operator.account"), _account, phone="main"),
                    Column(text("operator.listing"), lambda row: translated(row.listing)),
                    Column(text("operator.state"), lambda row: translated(row.state)),
                    Column(text("operator.expires"), lambda row: translated(row.expires_at), phone="line"),
                    Column(text("operator.fee_account"), _fee_account),
                    Column(text("operator.changed"), _changed, phone="line"),
                ],
                Markets.subscriptions,
                label=text("operator.subscriptions"),
            ),
            turning(Markets.place, Markets.earlier, Markets.later),
        ),
        _nothing(text("operator.no_subscription"), text("operator.no_subscription_lead"), _SUBSCRIPTIONS),
    )


def _account(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.account, class_name="gc-mono", **VERBATIM),
        rx.el.small(row.instance, class_name="gc-whole-id", **VERBATIM),
        class_name="gc-stacked",
    )


def _fee_account(row: Any) -> rx.Component:
    return rx.cond(row.fee_username != "", link(row.fee_username, href=row.fee_href, **VERBATIM), "—")


def _changed(row: Any) -> rx.Component:
    return link(translated(row.updated_at), href=row.notices_href)


def _nothing(title: Any, lead: Any, everything: str) -> rx.Component:
    return empty_state(
        title,
        lead,
        icon_name="search-x",
        action=link_button(text("operator.show_all"), href=everything, kind="secondary"),
    )
