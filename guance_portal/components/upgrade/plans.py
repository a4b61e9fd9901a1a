"""Pieces of 套餐升级: the plans, what an upgrade means for this workspace, and 服务协议."""

from __future__ import annotations

from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.badges import badge
from guance_portal.components.base import classes, is_set
from guance_portal.components.billing.price_table import price_table
from guance_portal.components.buttons import button, link_button
from guance_portal.components.choices import checkbox
from guance_portal.components.effects import effect_list
from guance_portal.components.feedback import note
from guance_portal.components.form_dialog import form_dialog
from guance_portal.components.forms import hidden_field
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import panel, when
from guance_portal.components.sign_up.agreements import agreement_text
from guance_portal.components.sign_up.steps import language_field
from guance_portal.components.stepper import stepper
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.rules import adds_up
from guance_portal.sites import all_sites
from guance_portal.state.upgrade.page import AGREEMENT, AGREEMENT_TEXT, BIND
from guance_portal.state.upgrade.page import UpgradeState as State
from guance_portal.state.upgrade.prices import UpgradePricesState as Prices

_FREE_ITEMS = (Item.LOGS, Item.TRACES, Item.TIME_SERIES, Item.PAGE_VIEWS)


def plans() -> rx.Component:
    """What the workspace has now, and what it can have."""
    return rx.el.div(_free_plan(), _commercial_plan(), class_name="gc-plans")


def effects_panel() -> rx.Component:
    """What changes for this workspace, with its own numbers."""
    return panel(
        effect_list(State.rows),
        title=text("upgrade.effects"),
        lead=text("upgrade.effects_lead", workspace=State.workspace),
    )


def prices_panel() -> rx.Component:
    """The price list in force, with the way to all of 计费方式."""
    return panel(
        price_table(Prices.rows),
        rx.cond(
            Prices.allowance.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one
            rx.el.p(translated(Prices.allowance), class_name="gc-panel-note"),
            rx.fragment(),
        ),
        title=text("pricing.table"),
        lead=translated(Prices.since),
        actions=link(text("upgrade.pricing"), icon("arrow-right", 14), href=Prices.href, class_name="gc-arrow-link"),
        is_flush=True,
    )


def not_owner() -> rx.Component:
    """To everybody else: who can do it."""
    return panel(
        note(
            text("upgrade.ask_owner_lead"),
            tone="indigo",
            title=text("upgrade.ask_owner", owner=State.owner),
            icon_name="user-round",
        )
    )


def upgraded_elsewhere(href: str) -> rx.Component:
    """Another tab was faster."""
    return note(
        text("upgrade.elsewhere_lead"),
        tone="green",
        title=text("upgrade.elsewhere"),
        action=link_button(text("upgrade.see_result"), href=href, kind="secondary"),
        is_live=True,
    )


def upgrade_steps(at: int) -> rx.Component:
    """The way of somebody who binds or registers an account first."""
    names = ("upgrade.step_payer", "upgrade.step_agreement", "upgrade.step_done")
    return stepper(text("upgrade.steps"), [text(name) for name in names], at=at)


def agreement_dialog() -> rx.Component:
    """服务协议: the text in force, what accepting does, and the act."""
    return form_dialog(
        hidden_field("workspace", State.workspace_id),
        hidden_field("payer", State.payer),
        hidden_field("versions", State.versions),
        language_field(),
        checkbox(
            "agreements",
            text("upgrade.agree"),
            problem=State.problems["agreements"],
            key=f"{State.versions} {State.payer}",
        ),
        state=State,
        labels={"agreements": text("upgrade.agreement")},
        id="service-agreement",
        title=text("upgrade.agreement"),
        description=translated(State.about),
        above=(
            when(~State.is_own, upgrade_steps(1)),
            when(State.is_renewed, note(text("upgrade.agreement_renewed"), tone="amber", is_live=True)),
            rx.el.div(
                agreement_text(State.chinese, State.english),
                id=AGREEMENT_TEXT,
                class_name="gc-agreement-frame",
                tab_index=0,
                role="region",
                aria_label=text("upgrade.agreement_text"),
            ),
            rx.el.section(
                rx.el.h3(text("upgrade.at_once")),
                rx.el.ul(
                    _consequence("arrow-up-from-line", text("upgrade.at_once_edition", workspace=State.workspace)),
                    _consequence("eye-off", text("upgrade.at_once_data")),
                    _consequence("wallet", text("upgrade.at_once_payer", username=State.payer), _other_payer()),
                    class_name="gc-effects small",
                ),
                class_name="gc-inset",
            ),
        ),
        confirm=text("upgrade.accept"),
        on_submit=State.accept_agreement,
        is_open=State.dialog == AGREEMENT,
        on_close=State.close_dialog,
        width="agreement",
    )


def _free_plan() -> rx.Component:
    return rx.el.section(
        _plan_head("register.free", badge(text("upgrade.current"))),
        _plan_price(Prices.free_price, "upgrade.free_note"),
        rx.match(
            State.site,
            *((site.code, _free_points(site.code)) for site in all_sites()),
            rx.fragment(),
        ),
        class_name="gc-plan",
        aria_label=text("register.free"),
    )


def _free_points(site: str) -> rx.Component:
    quotas = free_quotas(site)
    return rx.el.ul(
        *(
            _point(
                text(
                    "upgrade.daily_quota" if adds_up(item) else "upgrade.total_quota",
                    item=text(item.message_key),
                    count=f"{quotas[item].limit:,}",
                )
            )
            for item in _FREE_ITEMS
        ),
        _point(text("upgrade.kept_days", days=quotas[Item.LOGS].retention_days)),
        when(is_set(Prices.missing), _point(text("plan.without", items=translated(Prices.missing)), is_missing=True)),
    )


def _commercial_plan() -> rx.Component:
    return rx.el.section(
        _plan_head("register.commercial", badge(text("upgrade.recommended"), tone="indigo")),
        _plan_price(text("upgrade.commercial_price"), "upgrade.commercial_note"),
        rx.el.ul(rx.foreach(Prices.offers, _offer)),
        rx.cond(
            State.is_owner,
            button(text("upgrade.action"), size="large", is_wide=True, on_click=State.begin),
            rx.fragment(),
        ),
        class_name="gc-plan chosen",
        aria_label=text("register.commercial"),
    )


def _plan_head(name: str, sign: rx.Component) -> rx.Component:
    return rx.el.header(rx.el.h2(text(name)), sign)


def _plan_price(price: Any, lead: str) -> rx.Component:
    return rx.el.p(rx.el.b(price), rx.el.small(text(lead)), class_name="gc-plan-price")


def _offer(words: Any) -> rx.Component:
    return _point(translated(words))


def _point(words: Any, *, is_missing: bool = False) -> rx.Component:
    sign = icon("x" if is_missing else "check", 14)
    return rx.el.li(sign, rx.el.span(words), class_name=classes("missing" if is_missing else ""))


def _consequence(sign: str, *words: Any) -> rx.Component:
    return rx.el.li(icon(sign, 16), rx.el.span(*words))


def _other_payer() -> rx.Component:
    """更换, beside an account that was proven; one of the owner's own pays without being proven."""
    way = link(text("upgrade.other_payer"), href=routes.upgrade(BIND), class_name="gc-link-behind")
    return when(~State.is_own, way)
