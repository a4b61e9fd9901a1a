"""The mailbox of the sandbox."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator

from tests.e2e.screens.screen import Screen


class SandboxMailScreen(Screen):
    """The list and the opened email."""

    path = "/sandbox/mail"

    @property
    def emails(self) -> Locator:
        """The lines of the list."""
        return self.main.get_by_role("listitem").get_by_role("link")

    @property
    def paper(self) -> FrameLocator:
        """The opened email as HTML."""
        return self.main.frame_locator("iframe[title=邮件内容]")

    @property
    def plain(self) -> Locator:
        """The opened email as plain text."""
        return self.main.locator("pre")

    def find(self, recipient: str) -> None:
        """Look for a recipient."""
        self.field("收件人").fill(recipient)
        self.button("查找").click()
