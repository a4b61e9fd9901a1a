"""The mark of the product, its name, and the marks of the cloud providers."""

from __future__ import annotations

import reflex as rx

from guance_portal import routes
from guance_portal.components.base import TextLike, attributes
from guance_portal.components.links import link
from guance_portal.components.messages import text


def mark(size: int = 28) -> rx.Component:
    """The mark alone."""
    return rx.el.svg(
        rx.el.svg.rect(width="28", height="28", rx="8"),
        rx.el.svg.path(d="M14 6.6a7.4 7.4 0 1 0 7.1 9.5"),
        rx.el.svg.circle(cx="14", cy="14", r="2.9"),
        rx.el.svg.circle(cx="20.1", cy="9.3", r="1.9"),
        width=str(size),
        height=str(size),
        view_box="0 0 28 28",
        class_name="gc-mark",
        custom_attrs=attributes(aria_hidden=True),
    )


def brand(href: str = routes.HOME, *, realm: TextLike | None = None) -> rx.Component:
    """Mark and name, leading home; `realm` is written behind it in the fee centre and for operators."""
    behind = [rx.el.i(), rx.el.b(realm)] if realm is not None else []
    return link(mark(), rx.el.span(text("brand.name")), *behind, href=href, class_name="gc-brand")


def provider(kind: str | rx.Var[str], *, size: str = "") -> rx.Component:
    """The tile of a cloud provider: "aliyun", "aws", "huaweicloud" or "guance"."""
    return rx.el.span(class_name=f"gc-provider {kind} {size}", custom_attrs=attributes(aria_hidden=True))
