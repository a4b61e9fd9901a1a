"""The shell of sign-up and sign-in: the form on the left, the product on the right; and the public top bar."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import Child, TextLike, classes
from guance_portal.components.brand import brand
from guance_portal.components.buttons import button
from guance_portal.components.icons import icon
from guance_portal.components.menu import language_menu, theme_menu
from guance_portal.components.messages import text
from guance_portal.components.page_parts import frame, main
from guance_portal.components.picture import picture_card
from guance_portal.components.sign_up.agreements import agreement_dialog
from guance_portal.components.support import contact_link, docs_link
from guance_portal.onboarding.agreements import AgreementKind
from guance_portal.state.sign_up.agreement import AgreementState

POINTS = (("layers", "picture.point_one"), ("receipt-text", "picture.point_bill"), ("map-pin", "picture.point_sites"))


def public_page(
    *children: Child,
    title: TextLike | None = None,
    lead: Child | None = None,
    aside: Child | None = None,
    is_short: bool = False,
    realm: TextLike | None = None,
    above: Child | None = None,
) -> rx.Component:
    """A page with one form: `children` under the heading, usually one `form(...)`.

    `aside` stands in the top bar (已有账号？登录), `above` over the heading (a stepper), `is_short`
    centres few fields, `realm` names the fee centre or the operators beside the brand.
    """
    heading = []
    if title is not None:
        below = [rx.el.p(lead)] if lead is not None else []
        heading = [rx.el.header(rx.el.h1(title), *below, class_name="gc-form-title")]
    column = rx.el.div(
        *([above] if above is not None else []),
        *heading,
        *children,
        class_name="gc-column short" if is_short else "gc-column",
    )
    return frame(
        rx.el.div(
            _bar(aside, realm, "gc-auth-top"),
            main(column, class_name="gc-auth-main"),
            footer(),
            class_name="gc-auth-left",
        ),
        rx.el.aside(_pane(), class_name="gc-auth-right", custom_attrs={"aria-hidden": "true"}),
        class_name="gc-auth",
    )


def wide_page(
    *children: Child,
    heading: TextLike,
    lead: TextLike,
    aside: Child | None = None,
    below: tuple[TextLike, TextLike, Child] | None = None,
    is_broad: bool = False,
) -> rx.Component:
    """A public page without the picture: a heading, its children, and `below` them a titled part.

    `is_broad` gives it room for two columns.
    """
    further = (
        [rx.el.section(rx.el.h2(below[0]), rx.el.p(below[1]), below[2], class_name="gc-wide-below")] if below else []
    )
    head = rx.el.header(rx.el.h1(heading), rx.el.p(lead), class_name="gc-wide-head")
    return frame(
        top_bar(aside),
        main(head, *children, *further, class_name=classes("gc-wide", "broad" if is_broad else "")),
        footer(),
        class_name="gc-wide-page",
    )


def top_bar(aside: Child | None = None) -> rx.Component:
    """The sticky bar of wide public pages."""
    return rx.el.div(_bar(aside, None, "gc-top-inner"), class_name="gc-top")


def footer() -> rx.Component:
    """The last line of every page: whose it is, the agreements to be read, the documentation, whom to ask."""
    read = AgreementState.read_agreement
    return rx.fragment(
        rx.el.footer(
            rx.el.span(text("brand.rights")),
            button(text("footer.service"), kind="link", on_click=read(AgreementKind.COMMERCIAL.value)),
            button(text("footer.privacy"), kind="link", on_click=read(AgreementKind.PRIVACY.value)),
            docs_link(),
            contact_link(),
            class_name="gc-footer",
        ),
        agreement_dialog(),
    )


def points() -> rx.Component:
    """Three things the product does."""
    return rx.el.ul(*(rx.el.li(icon(name), rx.el.span(text(words))) for name, words in POINTS), class_name="gc-points")


def _bar(aside: Child | None, realm: TextLike | None, class_name: str) -> rx.Component:
    beside = [rx.el.span(aside, class_name="gc-bar-aside")] if aside is not None else []
    return rx.el.header(
        brand(realm=realm),
        rx.el.span(class_name="gc-space"),
        language_menu(),
        theme_menu(),
        *beside,
        class_name=class_name,
    )


def _pane() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="gc-grid-paper"),
        rx.el.div(
            rx.el.p(
                rx.el.span(text("picture.title_one")), rx.el.span(text("picture.title_two")), class_name="gc-pane-title"
            ),
            rx.el.p(
                rx.el.span(text("picture.lead_one")), rx.el.span(text("picture.lead_two")), class_name="gc-pane-lead"
            ),
            picture_card(),
            points(),
            class_name="gc-pane-inner",
        ),
        class_name="gc-pane",
    )
