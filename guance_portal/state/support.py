"""Whom to ask and where to read, as the settings say."""

from __future__ import annotations

import reflex as rx

from guance_portal.core.settings import settings


class SupportState(rx.State):
    """The name, empty where they are called 客户经理, and where a link to them leads, empty where that is not set; `docs` likewise."""

    name: rx.Field[str] = rx.field(default_factory=lambda: settings().support_name)
    docs: rx.Field[str] = rx.field(default_factory=lambda: settings().docs_url)
    href: rx.Field[str] = rx.field(default_factory=lambda: settings().support_address)
