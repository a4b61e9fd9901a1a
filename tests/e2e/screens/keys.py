"""API 密钥."""

from __future__ import annotations

import re

from playwright.sync_api import Locator

from guance_portal import routes
from tests.e2e.screens.screen import Screen, message


class KeysScreen(Screen):
    """The page of a workspace's keys."""

    path = routes.KEYS

    @property
    def dialog(self) -> Locator:
        """The dialog that makes a key, and shows it."""
        return self.page.get_by_role("dialog", name=message("keys.create"))

    @property
    def key(self) -> Locator:
        """The new key."""
        return self.dialog.locator("code")

    @property
    def create_button(self) -> Locator:
        """Opens it."""
        return self.main.get_by_role("button", name=re.compile("^(创建密钥|Create key)$")).first

    def row(self, name: str) -> Locator:
        """The line of a key."""
        return self.main.get_by_role("row").filter(has_text=name)

    def create(self, name: str, *scopes: str) -> None:
        """Ask for a key with these permissions."""
        self.create_button.click()
        self.dialog.get_by_label(message("keys.name"), exact=True).fill(name)
        for scope in scopes:
            self.dialog.get_by_role("switch", name=message(f"keys.scope.{scope}")).check()
        self.dialog.get_by_role("button", name=message("keys.create")).click()
