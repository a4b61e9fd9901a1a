"""套餐升级 with its dialogs, and 升级成功."""

from __future__ import annotations

from typing import Self

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.messages import text
from tests.e2e.screens.screen import Screen


class UpgradeScreen(Screen):
    """The page; `english` looks for its English words."""

    path = "/workspace/upgrade"

    def __init__(self, page: Page, *, english: bool = False) -> None:
        super().__init__(page)
        self.english = english

    def message(self, key: str, **params: object) -> str:
        """The catalogue in the language of the page."""
        return text(key, **params).en if self.english else text(key, **params).zh

    @property
    def action(self) -> Locator:
        """升级."""
        return self.button(self.message("upgrade.action"))

    @property
    def effects(self) -> Locator:
        """What it means for this workspace."""
        return self.main.locator(".gc-panel", has=self.page.get_by_role("heading", name="升级前请确认"))

    @property
    def agreement(self) -> Dialog:
        """服务协议."""
        return Dialog(self, "upgrade.agreement", "upgrade.accept")

    @property
    def binding(self) -> Dialog:
        """绑定费用中心账号."""
        return Dialog(self, "upgrade.bind", "upgrade.bind_confirm")

    @property
    def opening(self) -> Dialog:
        """注册新账号."""
        return Dialog(self, "upgrade.register", "upgrade.register_confirm")

    def begin(self) -> None:
        """Press 升级."""
        expect(self.action).to_be_visible()
        self.action.click()

    def accept(self) -> None:
        """Agree, and press 同意并升级."""
        self.agreement.is_open()
        self.agreement.box.get_by_role("checkbox").check()
        self.agreement.confirm()


class Dialog:
    """One of the dialogs, by its title and the words of its button."""

    def __init__(self, screen: UpgradeScreen, title: str, act: str) -> None:
        self._screen, self._act = screen, act
        self.box = screen.page.get_by_role("dialog", name=screen.message(title), exact=True)

    def is_open(self) -> Self:
        """Expect it to be shown."""
        expect(self.box).to_be_visible()
        return self

    def is_closed(self) -> None:
        """Expect it not to be."""
        expect(self.box).to_be_hidden()

    @property
    def action(self) -> Locator:
        """The button that does it."""
        return self.box.get_by_role("button", name=self._screen.message(self._act), exact=True)

    @property
    def summary(self) -> Locator:
        """What is wrong with its form."""
        return self.box.locator("[data-summary]")

    def field(self, key: str) -> Locator:
        """A field by the key of its label."""
        return self.box.get_by_role("textbox", name=self._screen.message(key), exact=True)

    def confirm(self) -> None:
        """Press the button."""
        self.action.click()

    def get_code(self) -> None:
        """Press 获取验证码, once the field that was left is kept."""
        self.box.get_by_role("button", name=self._screen.message("sign_up.get_code"), exact=True).click()

    def cancel(self) -> None:
        """Press 取消."""
        self.box.get_by_role("button", name=self._screen.message("dialog.cancel"), exact=True).click()

    def problem(self, key: str, words: str) -> None:
        """Expect this to be wrong with a field."""
        expect(self.field(key)).to_have_accessible_description(words)


class UpgradeDoneScreen(Screen):
    """升级成功."""

    path = "/workspace/upgrade/done"

    def says(self, fee_username: str, email: str) -> None:
        """Expect who pays, and where the mail went."""
        self.stands_at(self.path)
        expect(self.title).to_have_text("升级成功")
        expect(self.main).to_contain_text(fee_username)
        expect(self.main).to_contain_text(email)
        expect(self.main.get_by_role("link", name="返回付费计划与账单")).to_be_visible()
