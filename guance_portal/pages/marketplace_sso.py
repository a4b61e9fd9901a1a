"""`/marketplace/aliyun`: where marketplace SSO (免登 of 阿里云云市场) arrives; it leads to a sign-up or to a settlement."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM
from guance_portal.components.buttons import button, link_button
from guance_portal.components.feedback import loading, note, skeleton
from guance_portal.components.layout import public_page
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import facts, when
from guance_portal.components.support import with_contact
from guance_portal.pages.page import Page
from guance_portal.state.settlement.dialog import OPEN
from guance_portal.state.settlement.marketplace_sso import BACK, FEE
from guance_portal.state.settlement.marketplace_sso import MarketplaceSsoState as State
from guance_portal.state.settlement.marketplace_sso_here import Way

_SETTLE = f"{routes.BILLING}?dialog={OPEN}"


def marketplace_sso() -> rx.Component:
    """What was proven, and the ways on."""
    return public_page(
        _ways(),
        title=text("marketplace_sso.title"),
        lead=rx.cond(State.is_offered, text("marketplace_sso.lead"), ""),
    )


def _ways() -> rx.Component:
    return rx.fragment(
        rx.match(
            State.way,
            ("", loading(skeleton(height="200px"))),
            ("problem", _dead(with_contact(State.problem), text("marketplace_sso.problem_title"))),
            ("nothing", _dead(text("marketplace_sso.nothing"), text("marketplace_sso.nothing_title"))),
            ("registered", rx.fragment(_offer(), _registered())),
            ("console", rx.fragment(_offer(), _console())),
            ("fee", rx.fragment(_offer(), _fee())),
            rx.fragment(_offer(), _new()),
        )
    )


def _offer() -> rx.Component:
    return rx.el.div(
        facts(
            (text("marketplace_sso.listing"), translated(State.listing)),
            (text("marketplace_sso.account"), rx.el.span(State.account, class_name="gc-mono", **VERBATIM)),
            (text("marketplace_sso.instance"), rx.el.span(State.instance, class_name="gc-mono", **VERBATIM)),
            (text("marketplace_sso.until"), translated(State.until)),
        ),
        class_name="gc-offer",
    )


def _dead(why: rx.Component | rx.Var[str], title: rx.Var[str]) -> rx.Component:
    market = when(
        State.market != "",
        link(text("marketplace_sso.to_market"), href=State.market, target="_blank", rel="noopener"),
    )
    return note(why, title=title, tone="amber", action=market, is_live=True)


def _registered() -> rx.Component:
    return rx.el.div(
        note(text("marketplace_sso.registered"), tone="indigo"),
        link_button(text("marketplace_sso.to_workspaces"), href=FEE, size="large", is_wide=True),
        class_name="gc-stack",
    )


def _console() -> rx.Component:
    return rx.el.div(
        note(text("marketplace_sso.signed_in", name=State.name)),
        rx.match(
            State.here,
            (
                Way.SETTLE.value,
                link_button(text("marketplace_sso.settle_here"), href=_SETTLE, size="large", is_wide=True),
            ),
            (
                Way.NONE.value,
                link_button(
                    text("marketplace_sso.open_workspace"), href=routes.WORKSPACES_NEW, size="large", is_wide=True
                ),
            ),
            (
                Way.UPGRADE.value,
                rx.fragment(
                    _not_here(),
                    link_button(text("marketplace_sso.upgrade"), href=routes.UPGRADE, size="large", is_wide=True),
                ),
            ),
            rx.fragment(
                _not_here(),
                link_button(text("marketplace_sso.to_console"), href=routes.BILLING, size="large", is_wide=True),
            ),
        ),
        link_button(text("marketplace_sso.to_fee_center"), href=FEE, kind="secondary", size="large", is_wide=True),
        _forget(),
        class_name="gc-stack",
    )


def _not_here() -> rx.Component:
    """Why the session's workspace cannot be settled by it now, and which ones could."""
    return note(
        translated(State.why),
        when(State.others != "", rx.el.p(text("marketplace_sso.others", names=State.others))),
        title=text("marketplace_sso.not_here", name=State.workspace),
        tone="amber",
        is_live=True,
    )


def _fee() -> rx.Component:
    return rx.el.div(
        note(text("marketplace_sso.signed_in", name=State.name)),
        link_button(text("marketplace_sso.choose_workspace"), href=routes.FEE_WORKSPACES, size="large", is_wide=True),
        link_button(text("marketplace_sso.sign_in"), href=BACK, kind="secondary", size="large", is_wide=True),
        _forget(),
        class_name="gc-stack",
    )


def _new() -> rx.Component:
    return rx.el.div(
        link_button(text("marketplace_sso.register"), href=routes.REGISTER_BASIC, size="large", is_wide=True),
        link_button(text("marketplace_sso.sign_in"), href=BACK, kind="secondary", size="large", is_wide=True),
        link_button(text("marketplace_sso.to_fee_center"), href=FEE, kind="secondary", size="large", is_wide=True),
        _forget(),
        class_name="gc-stack",
    )


def _forget() -> rx.Component:
    return button(text("marketplace_sso.forget"), kind="link", on_click=State.forget)


PAGE = Page(
    route=routes.MARKETPLACE_SSO,
    build=marketplace_sso,
    title="marketplace_sso.title",
    on_load=State.load_marketplace_sso,
)
