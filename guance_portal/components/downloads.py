"""下载: the files of a page, each with what it holds. They are fetched by the browser itself, not within the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.billing.exports.columns import BillContent
from guance_portal.components.base import Child, TextLike
from guance_portal.components.icons import icon
from guance_portal.components.messages import text
from guance_portal.components.page_parts import panel
from guance_portal.core.actor import Realm
from guance_portal.core.exports.files import Format


def file_link(words: TextLike, href: Any, *, label: TextLike) -> rx.Component:
    """A native link to a file; `label` says of what it is."""
    return A.create(
        icon("download", 14),
        words,
        rx.el.span(" ", label, class_name="gc-hidden"),
        href=href,
        class_name="gc-button secondary small",
        custom_attrs={"download": ""},
    )


def format_links(href_of: Callable[[str], Any], *, label: TextLike) -> list[rx.Component]:
    """A link for each format; `href_of` maps the name of one to an address."""
    return [file_link(text(f"bill_files.{kind.value}"), href_of(kind.value), label=label) for kind in Format]


def download(title: TextLike, lead: TextLike, *links: Child) -> rx.Component:
    """One line of the list: what a file holds, and the links to it."""
    return rx.el.li(
        rx.el.div(rx.el.b(title), rx.el.small(lead)),
        rx.el.span(*links),
    )


def bill_downloads(realm: Realm, *above: Child, month: Any = None, code: Any = None) -> rx.Component:
    """The files of one bill, of a month, or of all bills that a session of this realm sees."""

    def address(content: BillContent, kind: str) -> Any:
        plain = routes.bill_file(content, kind, realm)
        if code is not None:
            return f"{plain}&id={code}"
        return f"{plain}&month={month}" if month is not None else plain

    contents = [BillContent.LINES, BillContent.USAGE] if code is not None else list(BillContent)
    return panel(
        rx.el.ul(
            *above,
            *(
                download(
                    text(f"bill_files.{content}"),
                    text(f"bill_files.{content}_lead"),
                    *format_links(partial(address, content), label=text(f"bill_files.{content}")),
                )
                for content in contents
            ),
            class_name="gc-downloads",
        ),
        title=text("bill_files.title"),
        lead=text("bill_files.lead"),
        is_flush=True,
    )
