"""The browser that measures: the machine's Chromium, every page in a fresh profile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tools.browser import find

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Page

    from benchmarks.support.served import Visit

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


@contextmanager
def chromium() -> Generator[Browser]:
    """The same browser as the tests', without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=_QUIET)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser, visit: Visit) -> Generator[Page]:
    """An empty tab of a profile that has seen nothing but the cookies of the visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.add_cookies([{"name": name, "value": value, "url": visit.base} for name, value in visit.cookies.items()])
    yield context.new_page()
    context.close()


def open_until_quiet(page: Page, visit: Visit) -> None:
    """Load the page and wait until its event socket is open and nothing has been fetched for half a second."""
    with page.expect_websocket():
        page.goto(visit.address)
    page.wait_for_load_state("networkidle")
