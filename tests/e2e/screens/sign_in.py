"""The sign-in pages of console and fee centre, and the two steps of an operator."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from guance_portal.core.actor import Realm
from tests.e2e.screens.screen import Screen
from tests.support.people import Person

PATHS = {Realm.CONSOLE: "/login", Realm.FEE_CENTER: "/fee-center/login", Realm.OPERATOR: "/operator/login"}
_SECRET = re.compile("[A-Z2-7]{32}")
_LOGIN = {Realm.CONSOLE: "邮箱", Realm.FEE_CENTER: "费用中心用户名或邮箱", Realm.OPERATOR: "邮箱"}


class SignInScreen(Screen):
    """Login and password of a realm."""

    def __init__(self, page: Page, realm: Realm = Realm.CONSOLE) -> None:
        super().__init__(page)
        self.realm, self.path = realm, PATHS[realm]

    @property
    def login(self) -> Locator:
        """The e-mail or username."""
        return self.field(_LOGIN[self.realm])

    @property
    def password(self) -> Locator:
        """The password."""
        return self.field("登录密码")

    def fill(self, person: Person, *, password: str = "") -> None:
        """Type the proofs of a person, the given password instead of theirs."""
        if person.site:
            self.field("站点").select_option(person.site)
        self.login.fill(person.login)
        self.password.fill(password or person.password)

    def submit(self) -> None:
        """Press the button."""
        self.button("登录").click()

    def sign_in(self, person: Person, *, password: str = "", keep: bool = False) -> None:
        """Type and send."""
        self.fill(person, password=password)
        if keep:
            self.main.get_by_role("checkbox", name="在此设备上保持登录 7 天").check()
        self.submit()


class SecondStep(Screen):
    """An operator's second step: code, and at the first time secret, recovery codes and a new password."""

    path = "/operator/login"

    @property
    def code(self) -> Locator:
        """The code of the authenticator."""
        return self.field("动态验证码")

    def secret(self) -> str:
        """The secret shown for typing it into an authenticator."""
        shown = self.page.locator(".gc-note", has_text="请手动输入密钥").locator("code")
        expect(shown).to_have_text(_SECRET)
        return shown.inner_text()

    def recovery_codes(self) -> list[str]:
        """The recovery codes shown."""
        return self.page.locator(".gc-codes code").all_inner_texts()

    def verify(self, code: str) -> None:
        """Type a code and send."""
        self.code.fill(code)
        self.button("验证").click()
