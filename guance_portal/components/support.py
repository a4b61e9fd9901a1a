"""The way to the account manager, wherever a text sends people there."""

from __future__ import annotations

import reflex as rx

from guance_portal.components.base import Child, loose
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.core.messages import Text
from guance_portal.state.support import SupportState as State

_NAMED = "客户经理"


def with_contact(said: rx.Var[Text]) -> rx.Component:
    """A text that the server chose, and behind it the way to the account manager where it names them."""
    return rx.fragment(translated(said), when(loose(said).zh.contains(_NAMED), contact_link()))


def contact_link(*before: Child) -> rx.Component:
    """联系客户经理, or the contact of the settings; nothing while none is set. `before` stands in front of it."""
    name = rx.cond(State.name != "", State.name, text("support.manager"))
    return when(
        State.href != "",
        rx.fragment(
            *before,
            " ",
            rx.el.a(
                text("support.contact", name=name),
                href=State.href,
                target="_blank",
                rel="noopener",
                class_name="gc-contact",
            ),
        ),
    )


def docs_link() -> rx.Component:
    """文档, in a new tab; nothing while the settings name none."""
    return when(State.docs != "", rx.el.a(text("support.docs"), href=State.docs, target="_blank", rel="noopener"))
