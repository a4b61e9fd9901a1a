"""空间设置."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen, typed


class SettingsScreen(Screen):
    """Name and language, the facts, and the dialog that dissolves the workspace."""

    path = "/workspace/settings"

    @property
    def name(self) -> Locator:
        """The field with the name."""
        return typed(self.main, "工作空间名称")

    @property
    def language(self) -> Locator:
        """The field with the language of the workspace."""
        return self.main.get_by_role("combobox", name="工作空间语言")

    @property
    def switcher(self) -> Locator:
        """The current workspace in the header."""
        return self.page.locator(".gc-workspace")

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator("dialog[open]")

    def ask_to_dissolve(self, name: str) -> None:
        """Open the dialog and type a name."""
        self.button("解散工作空间").click()
        typed(self.dialog, "输入工作空间名称以确认").fill(name)

    def confirm(self) -> None:
        """Press the button of the dialog."""
        self.dialog.get_by_role("button", name="解散工作空间", exact=True).click()
