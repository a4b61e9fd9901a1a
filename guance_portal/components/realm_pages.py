"""The shells behind a sign-in: console, fee centre and operators; they show only what exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import VERBATIM, Child, attributes, classes
from guance_portal.components.brand import brand
from guance_portal.components.debt import lock_strip
from guance_portal.components.forms import native_form
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.menu import (
    language_choices,
    language_menu,
    menu,
    menu_action,
    menu_link,
    theme_choices,
    theme_menu,
)
from guance_portal.components.messages import text
from guance_portal.components.page_parts import frame, main
from guance_portal.components.public_page import footer
from guance_portal.core.actor import Realm
from guance_portal.state.operator.waiting import OperatorWaitingState
from guance_portal.state.workspace import WorkspaceState


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: shown in the user menu. `detail` is the e-mail or the username below the name.

    `site` stands in the console's header; empty while it is loaded.
    """

    name: rx.Var[str]
    detail: rx.Var[str]
    site: rx.Var[str] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of the navigation: key of words, address, icon; `shown` says to whom, None to everybody.

    `within` are the places of a group: listed beside the rail while one of them is looked at. `waiting` is how much waits there.
    """

    message_key: str
    href: str
    icon_name: str
    shown: rx.Var[bool] | None = None
    within: tuple[NavItem, ...] = ()
    waiting: Any = None

    @property
    def places(self) -> tuple[NavItem, ...]:
        """The places themselves: those of the group, or this one."""
        return self.within or (self,)


MANAGEMENT = (
    NavItem("billing.title", routes.BILLING, "receipt-text", shown=WorkspaceState.is_manager),
    NavItem("members.title", routes.MEMBERS, "users", shown=WorkspaceState.is_manager),
    NavItem("keys.title", routes.KEYS, "key-round", shown=WorkspaceState.is_manager),
    NavItem("settings.title", routes.SETTINGS, "settings", shown=WorkspaceState.is_manager),
)
"""管理, for owner and administrators; one line makes a place appear in the rail's group and on phones."""
_IS_MEMBER = (WorkspaceState.current != "") & ~WorkspaceState.is_manager

CONSOLE_NAV = (
    NavItem("nav.guide", routes.ONBOARDING, "rocket"),
    NavItem("nav.management", routes.BILLING, "sliders-horizontal", WorkspaceState.is_manager, MANAGEMENT),
    NavItem("nav.members", routes.MEMBERS, "users", _IS_MEMBER),
    NavItem("nav.settings", routes.SETTINGS, "settings", _IS_MEMBER),
    NavItem("nav.account", routes.ACCOUNT, "circle-user"),
)
FEE_NAV = (
    NavItem("nav.overview", routes.FEE_CENTER, "layout-dashboard"),
    NavItem("nav.fee_wallet", routes.WALLET, "wallet"),
    NavItem("nav.fee_bills", routes.FEE_BILLS, "receipt-text"),
    NavItem("nav.fee_workspaces", routes.FEE_WORKSPACES, "layout-grid"),
    NavItem("nav.fee_account", routes.FEE_ACCOUNT, "circle-user"),
)
_REALMS = {Realm.FEE_CENTER: "realm.fee_center", Realm.OPERATOR: "realm.operator"}
OPERATOR_NAV = (
    NavItem("nav.operator_home", routes.OPERATOR, "building-2"),
    NavItem("nav.operator_money", routes.OPERATOR_MONEY, "ticket", waiting=OperatorWaitingState.matters),
    NavItem("nav.operator_approvals", routes.OPERATOR_APPROVALS, "users", waiting=OperatorWaitingState.approvals),
    NavItem("nav.operator_ledger", routes.OPERATOR_LEDGER, "scale"),
    NavItem("nav.operator_reconciliation", routes.OPERATOR_RECONCILIATION, "list-checks"),
    NavItem("nav.operator_marketplaces", routes.OPERATOR_MARKETPLACES, "store"),
    NavItem("nav.operator_audit", routes.OPERATOR_AUDIT, "scroll-text"),
)


def console_page(
    *children: Child,
    viewer: Viewer,
    active: str,
    workspace: rx.Component | None = None,
    nav: Sequence[NavItem] = CONSOLE_NAV,
    has_lock_strip: bool = True,
) -> rx.Component:
    """A page of the console. `active` is the address of the place it belongs to; `workspace` the switcher.

    With `has_lock_strip` it says at its top that the workspace is locked.
    """
    beside = [rx.el.span(class_name="gc-divider"), workspace] if workspace is not None else []
    if viewer.site is not None:
        beside.append(_site(viewer.site))
    return frame(
        rx.el.header(
            drawer(nav),
            brand(routes.home(Realm.CONSOLE)),
            *beside,
            rx.el.span(class_name="gc-space"),
            _preferences(),
            user_menu(viewer, Realm.CONSOLE, routes.ACCOUNT),
            class_name="gc-header",
        ),
        rx.el.div(
            rail(nav, active),
            *_group(nav, active),
            main(
                rx.el.div(*([lock_strip()] if has_lock_strip else []), *children, class_name="gc-content"),
                footer(),
                class_name="gc-main",
            ),
            class_name="gc-body",
        ),
        class_name="gc-console",
    )


def fee_page(*children: Child, viewer: Viewer, active: str, nav: Sequence[NavItem] = FEE_NAV) -> rx.Component:
    """A page of the fee centre, under its ink header."""
    return _ink_page(children, viewer, nav, active=active, realm=Realm.FEE_CENTER)


def operator_page(*children: Child, viewer: Viewer, active: str, nav: Sequence[NavItem] = OPERATOR_NAV) -> rx.Component:
    """A page of the operators."""
    return _ink_page(children, viewer, nav, active=active, realm=Realm.OPERATOR)


def rail(items: Sequence[NavItem], active: str) -> rx.Component:
    """The navigation at the left of the console, on wide screens."""
    return _nav(items, active, "gc-rail")


def user_menu(viewer: Viewer, realm: Realm, account: str | None) -> rx.Component:
    """Who is signed in, the way to their account, and out."""
    settings = [menu_link(icon("settings-2"), rx.el.span(text("user.account")), href=account)] if account else []
    return menu(
        rx.el.div(
            rx.el.b(viewer.name, **VERBATIM), rx.el.small(viewer.detail), class_name="gc-menu-head", role="presentation"
        ),
        *settings,
        *_guide(realm),
        native_form(
            menu_action(icon("log-out"), rx.el.span(text("user.sign_out")), is_submit=True),
            action=routes.SESSION_CLOSE,
            fields={"realm": realm.value},
        ),
        id="user-menu",
        label=text("user.menu"),
        button=[rx.el.span(viewer.name.to(str)[:1], class_name="gc-avatar", **VERBATIM)],
        button_class="gc-user",
    )


def _guide(realm: Realm) -> list[rx.Component]:
    if realm is Realm.FEE_CENTER:
        words = rx.el.span(text("not_found.home_console"))
        return [menu_link(icon("arrow-left"), words, href=routes.home(Realm.CONSOLE))]
    if realm is not Realm.CONSOLE:
        return []
    return [menu_link(icon("rocket"), rx.el.span(text("guide.title")), href=routes.ONBOARDING)]


def _site(name: rx.Var[str]) -> rx.Component:
    shown = rx.el.span(icon("map-pin", 14), name, class_name="gc-site")
    return rx.cond(name, shown, rx.fragment())


def _ink_page(
    children: Sequence[Child], viewer: Viewer, nav: Sequence[NavItem], *, active: str, realm: Realm
) -> rx.Component:
    account = routes.FEE_ACCOUNT if realm is Realm.FEE_CENTER else routes.OPERATOR_ACCOUNT
    return frame(
        rx.el.header(
            rx.el.div(
                drawer(nav),
                brand(routes.home(realm), realm=text(_REALMS[realm])),
                _nav(nav, active, "gc-ink-nav"),
                rx.el.span(class_name="gc-space"),
                _preferences(),
                user_menu(viewer, realm, account),
                class_name="gc-ink-inner",
            ),
            class_name="gc-ink-header",
        ),
        main(*children, class_name="gc-ink-main"),
        footer(),
        class_name="gc-ink-page",
    )


def _nav(items: Sequence[NavItem], active: str, class_name: str) -> rx.Component:
    return rx.el.nav(
        *(_place(item, is_on=active in {place.href for place in item.places}) for item in items),
        class_name=class_name,
        aria_label=text("page.navigation"),
    )


def _place(item: NavItem, *, is_on: bool) -> rx.Component:
    place = link(
        icon(item.icon_name, 18),
        rx.el.span(text(item.message_key)),
        *_waiting(item),
        href=item.href,
        class_name=classes("on" if is_on else ""),
        custom_attrs=attributes(aria_current=("true" if item.within else "page") if is_on else None),
    )
    return _if_shown(item, place)


def _waiting(item: NavItem) -> tuple[rx.Component, ...]:
    """How much waits there, while anything does."""
    if item.waiting is None:
        return ()
    count = rx.el.span(
        item.waiting,
        rx.el.span(text("operator_waiting.name"), class_name="gc-hidden"),
        class_name="gc-nav-count",
        title=text("operator_waiting.count", count=item.waiting),
    )
    return (rx.cond(item.waiting > 0, count, rx.fragment()),)


def _group(nav: Sequence[NavItem], active: str) -> list[rx.Component]:
    """The places of the group that the active one belongs to, beside the rail."""
    return [
        _if_shown(
            group,
            rx.el.nav(
                rx.el.p(text(group.message_key)),
                *(_place(item, is_on=item.href == active) for item in group.within),
                class_name="gc-group",
                aria_label=text(group.message_key),
            ),
        )
        for group in nav
        if active in {place.href for place in group.within}
    ]


def _if_shown(item: NavItem, place: rx.Component) -> rx.Component:
    return place if item.shown is None else rx.cond(item.shown, place, rx.fragment())


def _preferences() -> rx.Component:
    return rx.el.div(language_menu(), theme_menu(), class_name="gc-preferences")


def drawer(items: Sequence[NavItem]) -> rx.Component:
    """The navigation on small screens, a menu behind a button, with what the header has no room for."""
    return rx.el.div(
        menu(
            *(
                _if_shown(
                    place,
                    menu_link(
                        icon(place.icon_name), rx.el.span(text(place.message_key)), *_waiting(place), href=place.href
                    ),
                )
                for item in items
                for place in item.places
            ),
            rx.el.hr(class_name="gc-menu-line"),
            *language_choices(),
            rx.el.hr(class_name="gc-menu-line"),
            *theme_choices(),
            id="navigation-menu",
            label=text("page.menu"),
            button=[icon("menu", 18)],
            button_class="gc-header-button square",
            is_over=True,
        ),
        class_name="gc-drawer",
    )
