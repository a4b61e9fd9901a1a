"""The pages after signing up: welcome, the guide, new workspaces."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen


class WelcomeScreen(Screen):
    """The film and the way on."""

    path = "/welcome"

    @property
    def film(self) -> Locator:
        """The video."""
        return self.main.locator("video")


class GuideScreen(Screen):
    """Commands and status."""

    path = "/onboarding"

    @property
    def status(self) -> Locator:
        """等待数据 or 已收到数据, as it is announced."""
        return self.main.locator(".gc-guide-status")

    @property
    def command(self) -> Locator:
        """The first command of the chosen tab."""
        return self.main.get_by_role("tabpanel").locator("pre").first

    @property
    def ticked(self) -> Locator:
        """The steps that are done."""
        return self.main.locator(".gc-guide-step.done:visible")

    @property
    def refusals(self) -> Locator:
        """What is said of data that was refused, newest first."""
        return self.main.locator(".gc-not-taken > .gc-note")

    def tab(self, name: str) -> Locator:
        """The tab of a system."""
        return self.main.get_by_role("tab", name=name)

    def copy(self) -> str:
        """Copy the first command, and give what is on the clipboard then."""
        self.main.get_by_role("tabpanel").get_by_role("button", name="复制").first.click()
        self.main.get_by_role("tabpanel").get_by_role("button", name="已复制").first.wait_for()
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def copy_all(self) -> list[str]:
        """Copy every command that is shown, one after the other, and give what was on the clipboard each time."""
        commands = self.main.get_by_role("tabpanel").locator(".gc-command:visible")
        found: list[str] = []
        for command in commands.all():
            command.get_by_role("button").click()
            command.get_by_role("button", name="已复制").wait_for()
            found.append(str(self.page.evaluate("navigator.clipboard.readText()")))
        return found

    @property
    def dialog(self) -> Locator:
        """The question when the old token becomes invalid."""
        return self.page.get_by_role("dialog", name="更换 Token")


class NewWorkspaceScreen(Screen):
    """The form."""

    path = "/workspaces/new"

    @property
    def name(self) -> Locator:
        """The field of its name."""
        return self.main.get_by_role("textbox", name="工作空间名称")

    def edition(self, name: str) -> Locator:
        """The radio of an edition."""
        return self.main.get_by_role("radio", name=name)
