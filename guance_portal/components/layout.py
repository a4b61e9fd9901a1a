"""The shells of pages: public, console, fee centre, operator; each with skip link and notices."""

from __future__ import annotations

from guance_portal.components.page_parts import page_header, panel, skip_link
from guance_portal.components.public_page import public_page, top_bar, wide_page
from guance_portal.components.realm_pages import NavItem, Viewer, console_page, fee_page, operator_page

__all__ = [
    "NavItem",
    "Viewer",
    "console_page",
    "fee_page",
    "operator_page",
    "page_header",
    "panel",
    "public_page",
    "skip_link",
    "top_bar",
    "wide_page",
]
