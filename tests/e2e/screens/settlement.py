"""更改结算方式, wherever it is opened."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.messages import text
from tests.e2e.screens.screen import Screen, runs


class SettlementDialog(Screen):
    """The dialog of settlement methods."""

    path = "/workspace/billing"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.dialog = page.locator("dialog#settlement-dialog")

    def open_here(self) -> SettlementDialog:
        """Open it by its button on the page."""
        self.button("更改结算方式").click()
        expect(self.dialog).to_be_visible()
        return self

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        runs(self.page)

    def group(self, name: str) -> Locator:
        """One group of options."""
        return self.dialog.get_by_role("group", name=name)

    def option(self, group: str, name: str) -> Locator:
        """The card of an option in a group."""
        return self.group(group).locator("label", has=self.page.locator("b", has_text=name))

    def radio(self, group: str, name: str) -> Locator:
        """Its radio button."""
        return self.option(group, name).get_by_role("radio")

    def act(self, name: str) -> Locator:
        """A button of the dialog."""
        return self.dialog.get_by_role("button", name=name, exact=True)

    @property
    def pending(self) -> Locator:
        """The note about the change that waits."""
        return self.dialog.locator(".gc-note", has_text="更改等待生效")

    @property
    def preview(self) -> Locator:
        """What the change would mean."""
        return self.dialog.locator(".gc-preview")

    @property
    def problem(self) -> Locator:
        """Why something was refused."""
        return self.dialog.get_by_role("alert")

    @property
    def panel(self) -> Locator:
        """The page's panel of who pays."""
        return self.main.locator(".gc-panel", has=self.page.get_by_role("heading", name="当前结算方式"))


class PayerChangeDialog(Screen):
    """更换费用中心账号."""

    path = "/workspace/billing"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.dialog = page.locator("dialog#change-payer")

    def open_here(self) -> PayerChangeDialog:
        """Open it by its button in the panel of who pays."""
        words = text("payer_change.title")
        self.button(words.zh).or_(self.button(words.en)).first.click()
        expect(self.dialog).to_be_visible()
        return self

    def type_payer(self, name: str) -> None:
        """The username of the other account."""
        self.dialog.get_by_label(text("upgrade.payer").zh).fill(name)

    def get_code(self) -> None:
        """获取验证码."""
        self.dialog.get_by_role("button", name="获取验证码").click()

    def type_code(self, code: str) -> None:
        """The code of the email."""
        self.dialog.get_by_label(text("sign_up.code").zh).fill(code)

    def confirm(self) -> None:
        """Order it."""
        self.dialog.get_by_role("button", name=text("payer_change.title").zh).click()
