"""The browser that measures: the machine's Chromium, every page in a fresh profile."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.support.served import Visit
from tools.browser import find

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
SETTLE_MS = 1_000
"""How long a new tab is left alone: the whole Chromium draws a window around it, of web pages of its own, in that time."""


@contextmanager
def chromium() -> Generator[Browser]:
    """The same browser as the tests', without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser, visit: Visit) -> Generator[Page]:
    """An empty tab, at rest, of a profile that has seen nothing but the cookies of the visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.add_cookies([{"name": name, "value": value, "url": visit.base} for name, value in visit.cookies.items()])
    page = context.new_page()
    page.wait_for_timeout(SETTLE_MS)
    yield page
    context.close()


def open_until_quiet(page: Page, visit: Visit) -> None:
    """Load the page and wait until its event socket is open and nothing has been fetched for half a second."""
    with page.expect_websocket():
        page.goto(visit.address)
    page.wait_for_load_state("networkidle")
