"""`/marketplace/claim`: where buyers arrive whom a marketplace brings; the token stands behind the # of the address."""

from __future__ import annotations

from typing import cast

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.components.base import VERBATIM, Child, TextLike
from guance_portal.components.brand import provider
from guance_portal.components.buttons import link_button, submit
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.form_fields import form_labels
from guance_portal.components.forms import form, fragment_field
from guance_portal.components.icons import icon
from guance_portal.components.layout import public_page
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, success, when
from guance_portal.components.settlement.claim import claim_choice
from guance_portal.components.support import with_contact
from guance_portal.components.waiting import every
from guance_portal.core.actor import Realm
from guance_portal.pages.page import Page
from guance_portal.sites import Provider
from guance_portal.state.settlement.claim import ClaimForm
from guance_portal.state.settlement.claim import MarketplaceClaimState as State

AGAIN = 30
"""Seconds after which the page looks again by itself: the provider is asked twice a minute at most."""


def marketplace_claim() -> rx.Component:
    """What was subscribed, and the way on that fits."""
    arrivals = ((one.value, arrival(one)) for one in Provider if one.brings_buyers)
    return public_page(
        fragment_field("token", on_read=State.read_claim),
        cast("rx.Component", rx.match(State.provider, *arrivals, rx.fragment())),
        is_short=True,
    )


def arrival(cloud: Provider) -> rx.Component:
    """The page for the buyers of one provider."""
    return rx.fragment(
        rx.match(
            State.way,
            ("", _titled(cloud, loading(skeleton(height="160px")))),
            ("problem", _titled(cloud, _stuck(cloud, text("claim.problem_title"), with_contact(State.why)))),
            ("visited", _visited(cloud)),
            ("silent", _titled(cloud, _silent(cloud))),
            ("ended", _titled(cloud, _subscribed(cloud), _ended(cloud))),
            ("sign_in", _titled(cloud, _subscribed(cloud), _sign_in(), lead="lead")),
            ("nowhere", _titled(cloud, _subscribed(cloud), _nowhere(), lead="lead")),
            ("done", _done(cloud)),
            _titled(cloud, _subscribed(cloud), _choose(), lead="lead"),
        )
    )


def _titled(cloud: Provider, *children: Child, name: str = "title", lead: str = "") -> rx.Component:
    head = rx.el.header(
        provider(cloud.value, size="large"),
        rx.el.h1(text(f"claim.{cloud}.{name}")),
        *([rx.el.p(text(f"claim.{cloud}.{lead}"))] if lead else []),
        class_name="gc-form-title",
    )
    return rx.el.div(head, *children, class_name="gc-stack")


def _subscribed(cloud: Provider) -> rx.Component:
    return facts(
        (text(f"claim.{cloud}.account"), rx.el.span(State.account, **VERBATIM)),
        (text("claim.currency"), translated(State.currency)),
        (text("claim.until"), translated(State.until)),
    )


def _choose() -> rx.Component:
    return _form(
        claim_choice(),
        when(~State.chosen.endswith(":"), rx.el.p(text("claim.means"), class_name="gc-help")),
        submit(translated(State.act), busy=State.is_busy),
        on_submit=State.confirm,
    )


def _sign_in() -> rx.Component:
    return rx.el.div(
        note(text("claim.sign_in_lead"), title=text("claim.sign_in_title"), tone="indigo"),
        link_button(text("claim.sign_in"), href=_sign_in_page(Realm.CONSOLE), size="large", is_wide=True),
        link_button(
            text("claim.fee_sign_in"),
            href=_sign_in_page(Realm.FEE_CENTER),
            kind="secondary",
            size="large",
            is_wide=True,
        ),
        rx.el.p(
            A.create(text("claim.register"), href=routes.REGISTER_BASIC, target="_blank", rel="noopener"),
            rx.el.span(text("claim.register_sites", sites=translated(State.fitting)), class_name="gc-help"),
        ),
        rx.el.p(A.create(text("claim.registered"), href=routes.MARKETPLACE_CLAIM)),
        class_name="gc-stack",
    )


def _nowhere() -> rx.Component:
    return rx.el.div(
        note(
            text("claim.none", currency=translated(State.currency)),
            title=text("claim.none_title"),
            tone="amber",
            is_live=True,
        ),
        link_button(text("claim.fee_sign_in"), href=_sign_in_page(Realm.FEE_CENTER), size="large", is_wide=True),
        link_button(text("claim.to_console"), href=routes.BILLING, kind="secondary", size="large", is_wide=True),
        class_name="gc-stack",
    )


def _visited(cloud: Provider) -> rx.Component:
    """For a person who typed the address where the marketplace brings buyers."""
    return _titled(
        cloud,
        note(text(f"claim.{cloud}.visited"), title=text(f"claim.{cloud}.visited_way"), tone="indigo"),
        when(
            State.market != "",
            A.create(
                icon("external-link"),
                text(f"claim.{cloud}.to_market"),
                href=State.market,
                class_name="gc-button primary large wide",
            ),
        ),
        link_button(text("claim.sign_in"), href=routes.LOGIN, kind="secondary", size="large", is_wide=True),
        link_button(text("claim.fee_sign_in"), href=routes.FEE_LOGIN, kind="secondary", size="large", is_wide=True),
        rx.el.p(A.create(text("claim.visited_register"), href=routes.REGISTER)),
        name="visited_title",
        lead="visited_lead",
    )


def _silent(cloud: Provider) -> rx.Component:
    return _form(
        note(text(f"claim.{cloud}.silent"), title=text(f"claim.{cloud}.silent_title"), tone="amber", is_live=True),
        submit(text("claim.retry"), busy=State.is_busy),
        every(AGAIN, State.look_again),
        on_submit=State.retry,
    )


def _ended(cloud: Provider) -> rx.Component:
    return rx.el.div(
        _form(
            note(text(f"claim.{cloud}.ended"), title=text(f"claim.{cloud}.ended_title"), tone="amber", is_live=True),
            submit(text("claim.retry"), busy=State.is_busy),
            every(AGAIN, State.look_again),
            on_submit=State.retry,
        ),
        _to_market(cloud),
        class_name="gc-stack",
    )


def _stuck(cloud: Provider, title: TextLike, why: Child) -> rx.Component:
    return rx.el.div(note(why, title=title, tone="amber", is_live=True), _to_market(cloud), class_name="gc-stack")


def _to_market(cloud: Provider) -> rx.Component:
    return when(
        State.market != "",
        A.create(
            icon("external-link"),
            text(f"claim.{cloud}.to_market"),
            href=State.market,
            class_name="gc-button secondary large wide",
        ),
    )


def _done(cloud: Provider) -> rx.Component:
    return rx.el.div(
        success(text(f"claim.{cloud}.done_title"), translated(State.done)),
        rx.el.p(text("claim.done_close"), class_name="gc-centred"),
        link_button(
            translated(State.onward_text),
            href=State.onward,
            size="large",
            is_wide=True,
        ),
        class_name="gc-stack",
    )


def _form(*children: Child, on_submit: object) -> rx.Component:
    return form(
        fragment_field("token"),
        *children,
        on_submit=on_submit,
        busy=State.is_busy,
        refusals=State.refusals,
        problems=State.problems,
        labels=form_labels(ClaimForm),
    )


def _sign_in_page(realm: Realm) -> str:
    return routes.sign_in(realm, back_to=routes.MARKETPLACE_CLAIM)


PAGE = Page(route=routes.MARKETPLACE_CLAIM, build=marketplace_claim, title="claim.title", on_load=State.load_claim)
