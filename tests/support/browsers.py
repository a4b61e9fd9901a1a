"""Browsers that hold a session."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from tests.support.newcomers import Newcomer
from tests.support.people import Session


def hold(context: BrowserContext, session: Session | Newcomer) -> None:
    """Let a browser hold a session, as if it had signed in."""
    for name, value in session.cookies.items():
        context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])
