"""The style guide of the sandbox."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen


class StyleGuideScreen(Screen):
    """Every component in every state."""

    path = "/sandbox/style-guide"

    @property
    def dialog(self) -> Locator:
        """The sample dialog while it is open."""
        return self.page.get_by_role("dialog", name="绑定费用中心账号")

    @property
    def opener(self) -> Locator:
        """The button that opens it."""
        return self.main.locator("[data-section=dialogs]").get_by_role("button", name="打开对话框")

    @property
    def workspaces(self) -> Locator:
        """The button of the workspace switcher."""
        return self.main.get_by_role("button", name="云帆-生产环境")

    @property
    def places(self) -> Locator:
        """The entries of its list that are in sight."""
        return self.page.get_by_role("listbox", name="切换工作空间").get_by_role("option")
