"""What every page has: header, notices, the bar of a lost connection; and how a test waits for a page to run."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.messages import text

SOON = 10_000
"""Milliseconds for what a page does by itself; it aims at two seconds, five for a lost line, and a busy machine takes longer."""

_RUNS = """() => Object.keys(document.getElementById("main") ?? {}).some((name) => name.startsWith("__reactFiber"))"""


def runs(page: Page) -> None:
    """Wait until the page's script has taken over its HTML: earlier clicks would go nowhere."""
    page.wait_for_function(_RUNS)


class Screen:
    """One page; `path` is its address."""

    path = "/"

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, query: str = "") -> Self:
        """Go there by address and wait until it runs."""
        self.page.goto(f"{self.path}{query}")
        runs(self.page)
        return self

    @property
    def main(self) -> Locator:
        """The main region."""
        return self.page.get_by_role("main")

    @property
    def title(self) -> Locator:
        """The heading of the page."""
        return self.main.get_by_role("heading", level=1)

    @property
    def notice(self) -> Locator:
        """The short notice, wherever it comes from."""
        return self.page.locator(".gc-toasts")

    @property
    def reconnect_bar(self) -> Locator:
        """The bar shown while the connection is away."""
        return self.page.locator(".gc-reconnect")

    @property
    def summary(self) -> Locator:
        """What is wrong with the form, on top of it."""
        return self.page.locator("[data-summary]")

    def button(self, name: str) -> Locator:
        """A button of the main region by its exact name."""
        return self.main.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        """A control by its exact label."""
        return self.main.get_by_label(label, exact=True)

    def choose_language(self, language: str) -> None:
        """Switch to 简体中文 or English by the menu."""
        self.page.get_by_role("button", name="切换语言").or_(
            self.page.get_by_role("button", name="Change language")
        ).click()
        self.page.get_by_role("menuitemradio", name=language).click()

    def choose_theme(self, theme: str) -> None:
        """Switch to 浅色, 深色 or 跟随系统 by the menu."""
        self.page.get_by_role("button", name="切换主题").click()
        self.page.get_by_role("menuitemradio", name=theme).click()

    def sign_out(self) -> None:
        """Leave by the user menu."""
        self.page.get_by_role("button", name="用户菜单").click()
        self.page.get_by_role("menuitem", name="退出登录").click()

    def stands_at(self, path: str) -> None:
        """Expect the address to be this one, with or without a trailing slash or a query."""
        expect(self.page).to_have_url(address(path))


def address(path: str, query: str = r"(\?.*)?") -> re.Pattern[str]:
    """A pattern for an address of any server."""
    return re.compile(rf"^https?://[^/]+{re.escape(path.rstrip('/'))}/?{query}$")


def typed(scope: Page | Locator, label: str) -> Locator:
    """A field one types into by its label, required or not."""
    return scope.get_by_role("textbox", name=label, exact=True)


def message(key: str, **params: object) -> str:
    """What the catalogue says in Chinese: for sentences, whose wording may be polished without breaking a journey."""
    return text(key, **params).zh
