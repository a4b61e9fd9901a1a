"""运营后台: the list of accounts, one account, and the audit."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.screens.screen import Screen


class OperatorScreen(Screen):
    """Find an account, and open it."""

    path = "/operator"

    @property
    def rows(self) -> Locator:
        """The accounts that were found."""
        return self.main.get_by_role("table", name="费用中心账号").locator("tbody tr")

    def find(self, asked: str) -> None:
        """Look for accounts."""
        self.field("查找费用中心账号").fill(asked)
        self.button("查找").click()

    def open_account(self, username: str) -> None:
        """Go to an account of the list."""
        self.main.get_by_role("link", name=username, exact=True).click()
        self.stands_at("/operator/fee-account")

    def panel(self, title: str) -> Locator:
        """A panel by its title."""
        return self.main.locator(".gc-panel", has=self.page.get_by_role("heading", name=title, exact=True))

    def do(self, button: str, confirm: str, reason: str) -> None:
        """Open a dialog of the account, give a reason, confirm."""
        self.button(button).click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        dialog.get_by_role("textbox", name="原因").fill(reason)
        dialog.get_by_role("button", name=confirm, exact=True).click()


class AuditScreen(Screen):
    """Entries as sentences."""

    path = "/operator/audit"

    @property
    def entries(self) -> Locator:
        """The entries of the page, the newest first."""
        return self.main.locator(".gc-audit > li")

    def find(self, **fields: str) -> None:
        """Narrow the list by labels and what is typed there."""
        for label, typed in fields.items():
            self.field(label).fill(typed)
        self.button("查找").click()
