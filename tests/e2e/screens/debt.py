"""欠费: the countdown and the lock, in the console and in the fee centre."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen, message


class DebtScreen(Screen):
    """Any page that shows a debt; `path` is 付费计划与账单."""

    path = "/workspace/billing"

    @property
    def banner(self) -> Locator:
        """The countdown."""
        return self.main.locator(".gc-debt")

    @property
    def left(self) -> Locator:
        """How many days there are."""
        return self.banner.locator(".gc-debt-left b")

    @property
    def passed(self) -> Locator:
        """The days of the countdown that have passed, and today."""
        return self.banner.locator(".gc-debt-days > :is(.past, .now)")

    @property
    def lock(self) -> Locator:
        """The panel of a locked workspace."""
        return self.main.locator(".gc-lock")

    @property
    def strip(self) -> Locator:
        """The same on the other pages."""
        return self.main.locator(".gc-lock-strip")

    @property
    def unlock(self) -> Locator:
        """立即解锁."""
        return self.lock.get_by_role("button", name=message("debt.unlock"))

    @property
    def rehearsal(self) -> Locator:
        """预演."""
        return self.main.locator(".gc-panel", has=self.page.get_by_role("heading", name=message("debt.rehearsal")))
