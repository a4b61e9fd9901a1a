"""The fee centre: 账户概览, 工作空间管理, 账户管理, and the password an SSO handoff did not ask for."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.screens.screen import Screen, typed


class FeeCenterScreen(Screen):
    """Any of its pages; `path` is the overview."""

    path = "/fee-center"

    @property
    def workspaces(self) -> Locator:
        """The lines of the workspaces."""
        return self.main.get_by_role("table", name="工作空间管理").locator("tbody tr")

    @property
    def limited(self) -> Locator:
        """The note that says the session sees one workspace."""
        return self.main.locator(".gc-note", has_text="您正在查看一个工作空间")

    def go(self, place: str) -> None:
        """Follow the navigation, and wait for the page it leads to: what is typed earlier goes into the one before."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=place, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")

    def enter_password(self, password: str) -> None:
        """Open the rest of the account."""
        self.field("费用中心密码").fill(password)
        self.button("查看整个账户").click()


class FeeAccountScreen(FeeCenterScreen):
    """账户管理 with its two dialogs."""

    path = "/fee-center/account"

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator("dialog[open]")

    def box(self, label: str) -> Locator:
        """A field of the open dialog."""
        return typed(self.dialog, label)

    def choose(self, label: str, number: int) -> None:
        """An option of a select of the open dialog."""
        self.dialog.get_by_role("combobox", name=label, exact=True).select_option(index=number)

    def press(self, name: str) -> None:
        """A button of the open dialog."""
        self.dialog.get_by_role("button", name=name, exact=True).click()
