"""A month on paper: the links to its PDF, or why there is none. The browser itself fetches it, not the page."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from guance_portal import routes
from guance_portal.components.downloads import download, file_link
from guance_portal.components.icons import icon
from guance_portal.components.links import link
from guance_portal.components.messages import text, translated
from guance_portal.components.page_parts import when
from guance_portal.core.messages import Language
from guance_portal.state.bills.months import BillMonthState

_M = BillMonthState


def paper_and_detail(row: Any) -> rx.Component:
    """The ways on from a month in the list."""
    return rx.el.span(
        rx.cond(
            row.paper != "",
            A.create(
                icon("file-text", 14),
                text("paper.pdf"),
                rx.el.span(" ", row.month, class_name="gc-hidden"),
                href=row.paper,
                custom_attrs={"download": ""},
            ),
            rx.el.small(translated(row.no_paper), class_name="gc-muted"),
        ),
        link(text("bills.detail"), rx.el.span(" ", row.month, class_name="gc-hidden"), href=row.href),
        class_name="gc-month-ways",
    )


def month_paper() -> rx.Component:
    """The month as a PDF, in the reader's language."""
    return when(
        _M.paper != "",
        A.create(
            icon("file-text"),
            text("paper.download"),
            href=_M.paper,
            custom_attrs={"download": ""},
            class_name="gc-button primary medium",
        ),
    )


def paper_files() -> rx.Component:
    """The PDF among the other files, in either language, or why there is none."""
    links = [
        file_link(
            text(f"paper.{name}"), f"{routes.BILL_PAPERS}?month={_M.month}&language={tag}", label=text("paper.file")
        )
        for name, tag in (("zh", Language.ZH), ("en", Language.EN))
    ]
    shown = rx.cond(
        _M.paper != "",
        rx.el.span(*links, class_name="gc-board-files"),
        rx.el.small(translated(_M.no_paper)),
    )
    return download(text("paper.file"), text("paper.file_lead"), shown)
