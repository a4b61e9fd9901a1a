"""A forgotten password: asking for the link, and the page it leads to."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.actor import Realm
from tests.e2e.screens.screen import Screen, runs
from tests.support.people import Person


class ForgotScreen(Screen):
    """Where a link is asked for."""

    def __init__(self, page: Page, realm: Realm = Realm.CONSOLE) -> None:
        super().__init__(page)
        self.realm = realm
        self.path = {Realm.CONSOLE: "/forgot-password", Realm.FEE_CENTER: "/fee-center/forgot-password"}[realm]

    def ask(self, person: Person) -> None:
        """Ask for a link, once the page is there: the field of the page before has the same name."""
        ask = self.button("发送重置链接").or_(self.button("重新发送"))
        expect(ask).to_be_visible()
        if person.site:
            self.field("站点").select_option(person.site)
        self.field("邮箱" if self.realm is Realm.CONSOLE else "费用中心用户名或邮箱").fill(person.login)
        ask.click()

    @property
    def answer(self) -> Locator:
        """The note that says a link is on its way."""
        return self.main.get_by_role("status").filter(has_text="请查收邮件")


class ResetScreen(Screen):
    """Where the link of the mail leads."""

    def follow(self, link: str) -> None:
        """Open the link as a mail program would."""
        self.page.goto(link)
        runs(self.page)

    @property
    def password(self) -> Locator:
        """The new password."""
        return self.field("新密码")

    @property
    def strength(self) -> Locator:
        """The word of the meter."""
        return self.page.locator(".gc-strength [role=status]")

    @property
    def dead_link(self) -> Locator:
        """The note that the link no longer works."""
        return self.main.get_by_role("status").filter(has_text="该链接已失效")

    def save(self, password: str) -> None:
        """Set a new password."""
        self.password.fill(password)
        self.button("保存新密码").click()
