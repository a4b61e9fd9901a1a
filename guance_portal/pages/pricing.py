"""`/pricing`: 计费方式, what each item costs on a day, how a cost comes about, and an estimate."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.billing.estimator import estimator
from guance_portal.components.billing.price_table import formula, price_table
from guance_portal.components.buttons import button, link_button
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.form_fields import form_fields
from guance_portal.components.forms import plain_form
from guance_portal.components.layout import wide_page
from guance_portal.components.messages import pick, text, translated
from guance_portal.components.page_parts import panel, stack, when
from guance_portal.components.selects import Option
from guance_portal.components.sign_in import have_account
from guance_portal.core.money import Currency
from guance_portal.pages.page import Page
from guance_portal.sites import all_sites
from guance_portal.state.billing.pricing import PricingForm
from guance_portal.state.billing.pricing import PricingState as State

_SITES = {
    "options": [
        Option(site.code, pick(site.name.zh, site.name.en), group=pick(site.group.label.zh, site.group.label.en))
        for site in all_sites()
    ],
    "serial": State.serial,
}
_CURRENCIES = {
    "options": [Option(currency.value, text(f"billing.currency.{currency}")) for currency in Currency],
    "serial": State.serial,
}


def pricing() -> rx.Component:
    """The page."""
    return wide_page(
        _choice(),
        rx.cond(
            State.is_loaded,
            rx.el.div(
                stack(_problem(), when(State.version != "", _prices()), _how()),
                when(State.version != "", estimator()),
                class_name="gc-pricing",
            ),
            loading(skeleton(height="360px")),
        ),
        _begin(),
        heading=text("pricing.title"),
        lead=text("pricing.lead"),
        aside=have_account(),
        is_broad=True,
    )


def _choice() -> rx.Component:
    return plain_form(
        *form_fields(
            PricingForm,
            State,
            has_marks=False,
            site={**_SITES, "on_change": State.follow_site},
            currency=_CURRENCIES,
            day={"serial": State.serial},
        ),
        button(text("pricing.show"), kind="secondary", size="large", type="submit"),
        on_submit=State.show,
        class_name="gc-pricing-choice",
    )


def _begin() -> rx.Component:
    """The way in, for those who have seen enough."""
    return rx.el.div(
        rx.el.p(text("pricing.begin")),
        link_button(text("register.go"), href=routes.REGISTER, size="large"),
        class_name="gc-pricing-begin",
    )


def _problem() -> rx.Component:
    return when(State.problem.zh != "", note(translated(State.problem), tone="amber", is_live=True))  # pyright: ignore[reportAttributeAccessIssue] - a var's field is one


def _prices() -> rx.Component:
    return panel(
        price_table(State.rows),
        rx.cond(
            State.allowance.zh != "",  # pyright: ignore[reportAttributeAccessIssue] - see above
            rx.el.p(translated(State.allowance), class_name="gc-panel-note"),
            rx.fragment(),
        ),
        title=text("pricing.table"),
        lead=translated(State.holds),
        is_flush=True,
    )


def _how() -> rx.Component:
    return panel(formula(), title=text("pricing.how"), lead=translated(State.today))


PAGE = Page(route=routes.PRICING, build=pricing, title="pricing.title", on_load=State.load_pricing)
