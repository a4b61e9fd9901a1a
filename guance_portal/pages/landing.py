"""`/`: what the product is, where it runs, and the ways in."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.brand import provider
from guance_portal.components.buttons import link_button
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import pick, text
from guance_portal.components.page_parts import frame, main, when
from guance_portal.components.picture import picture_card
from guance_portal.components.public_page import footer, top_bar
from guance_portal.components.support import docs_link
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.sites import Site, all_sites
from guance_portal.state.homes import HomesState

_REASONS = (("layers", "collect"), ("receipt-text", "bill"), ("map-pin", "region"))


def landing() -> rx.Component:
    """The landing page."""
    return frame(
        top_bar(_places()),
        main(_hero(), _reasons(), _sites(), class_name=""),
        footer(),
        class_name="gc-landing",
    )


def _places() -> rx.Component:
    """The navigation of the header; on phones what has no room there stands in the hero and the last line."""
    return rx.el.nav(
        rx.el.span(link(text("pricing.title"), href=routes.PRICING), docs_link(), class_name="gc-wide-only"),
        rx.cond(
            HomesState.in_console,
            link(text("landing.console"), href=routes.home(Realm.CONSOLE)),
            link(text("landing.sign_in"), href=routes.LOGIN),
        ),
        class_name="gc-bar-places",
        aria_label=text("page.navigation"),
    )


def ways_in() -> rx.Component:
    """The buttons of the hero, for visitors and for who is signed in: the one place where further ways in are added."""
    return rx.el.div(
        rx.cond(
            HomesState.in_console,
            link_button(text("landing.console"), href=routes.home(Realm.CONSOLE), size="large"),
            rx.fragment(
                link_button(text("register.go"), href=routes.REGISTER, size="large"),
                link_button(text("landing.sign_in"), href=routes.LOGIN, kind="secondary", size="large"),
            ),
        ),
        when(
            HomesState.in_operator,
            link_button(text("landing.operator"), href=routes.OPERATOR, kind="secondary", size="large"),
        ),
        link_button(text("pricing.title"), href=routes.PRICING, kind="link", size="large"),
        link_button(text("landing.fee_center"), href=_fee_center(), kind="link", size="large"),
        class_name="gc-row",
    )


def _fee_center() -> rx.Var[str]:
    return rx.cond(HomesState.in_fee_center, routes.FEE_CENTER, routes.FEE_LOGIN).to(str)


def _hero() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="gc-grid-paper"),
        rx.el.div(
            rx.el.div(
                rx.el.h1(rx.el.span(text("picture.title_one")), rx.el.span(text("picture.title_two"))),
                rx.el.p(text("landing.lead")),
                ways_in(),
            ),
            picture_card(),
            class_name="gc-hero-inner",
        ),
        class_name="gc-hero",
    )


def _reasons() -> rx.Component:
    return rx.el.section(
        rx.el.h2(text("landing.why"), class_name="gc-landing-title"),
        rx.el.p(text("landing.why_lead"), class_name="gc-landing-lead"),
        rx.el.ul(*(_reason(name, words) for name, words in _REASONS), class_name="gc-triple"),
    )


def _reason(icon_name: str, words: str) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(icon_name, 18), class_name="gc-tile"),
        rx.el.h3(text(f"landing.{words}")),
        rx.el.p(text(f"landing.{words}_text")),
    )


def _sites() -> rx.Component:
    return rx.el.section(
        rx.el.h2(text("landing.sites"), class_name="gc-landing-title"),
        rx.el.p(text("landing.sites_lead"), class_name="gc-landing-lead"),
        rx.el.ul(*(_site(site) for site in all_sites()), class_name="gc-sites"),
    )


def _site(site: Site) -> rx.Component:
    return rx.el.li(
        provider(site.provider.value, size="large"),
        rx.el.span(
            rx.el.b(pick(site.name.zh, site.name.en)),
            rx.el.small(pick(site.region.zh, site.region.en)),
            class_name="gc-two",
        ),
    )


PAGE = Page(route=routes.HOME, build=landing, title="landing.title", on_load=HomesState.load_homes)
