"""The account page of each realm: profile, password, devices."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from guance_portal.core.actor import Realm
from tests.e2e.screens.screen import Screen
from tests.support.people import Person

PATHS = {Realm.CONSOLE: "/account", Realm.FEE_CENTER: "/fee-center/account", Realm.OPERATOR: "/operator/account"}


class AccountScreen(Screen):
    """Who I am, my password, where I am signed in."""

    def __init__(self, page: Page, realm: Realm = Realm.CONSOLE) -> None:
        super().__init__(page)
        self.realm, self.path = realm, PATHS[realm]

    def shows(self, person: Person) -> None:
        """Expect to be here (operators arrive at their list and go on by the user menu), and to see this person."""
        if self.realm is Realm.OPERATOR and not self.page.url.endswith(self.path):
            self.stands_at(routes.OPERATOR)
            self.page.get_by_role("button", name="用户菜单").click()
            self.page.get_by_role("menuitem", name="账号设置").click()
        self.stands_at(self.path)
        expect(self.main.get_by_role("definition").filter(has_text=person.email)).to_be_visible()

    def greets(self, person: Person) -> None:
        """Expect to have just signed in as this person: the fee centre's home is another page."""
        if self.realm is Realm.FEE_CENTER:
            self.stands_at(routes.FEE_CENTER)
            self.open()
        self.shows(person)

    @property
    def devices(self) -> Locator:
        """The lines of the list of devices."""
        return self.main.get_by_role("table").locator("tbody tr")

    @property
    def end_all_dialog(self) -> Locator:
        """The question before everything ends."""
        return self.page.get_by_role("alertdialog", name="全部退出登录？")

    def change_password(self, current: str, new: str) -> None:
        """Fill both fields and send."""
        self.field("当前密码").fill(current)
        self.field("新密码").fill(new)
        self.button("修改密码").click()
