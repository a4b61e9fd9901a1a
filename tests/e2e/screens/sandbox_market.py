"""The simulated marketplaces."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from tests.e2e.screens.screen import Screen


class SandboxMarketScreen(Screen):
    """One marketplace: `provider` aliyun or aws, `place` cn or intl."""

    def __init__(self, page: Page, provider: str, place: str = "cn") -> None:
        super().__init__(page)
        self.provider = provider
        self.path = routes.sandbox_market(provider, place)

    @property
    def account(self) -> Locator:
        """The account one buys for."""
        return self.field("阿里云账号 ID" if self.provider == "aliyun" else "AWS 账号 ID")

    def subscribe(self, account: str, term: str = "") -> Locator:
        """Buy for an account; the purchase, once the portal has answered."""
        # Once the page has suggested an account it has loaded all that it shows.
        expect(self.account).not_to_have_value("")
        self.account.fill(account)
        if term:
            self.field("期限").select_option(label=term)
        self.button("立即开通" if self.provider == "aliyun" else "订阅").click()
        bought = self.purchase(account)
        expect(bought).to_contain_text("使用中")
        return bought

    def purchase(self, account: str) -> Locator:
        """What an account has bought."""
        mine = self.main.locator("section").filter(has=self.page.get_by_role("heading", name="我的购买"))
        return mine.get_by_role("listitem").filter(has_text=account)

    def pair(self, account: str) -> tuple[str, str]:
        """Account and instance of a purchase, as its buyer copies them."""
        shown = self.purchase(account).locator("dd .gc-mono")
        return shown.nth(0).inner_text(), shown.nth(1).inner_text()

    def notices(self, kind: str) -> Locator:
        """The notices of a kind that were sent to the portal, newest first."""
        sent = self.main.locator("section").filter(has=self.page.get_by_role("heading", name="发给门户的通知"))
        return sent.get_by_role("listitem").filter(has_text=kind)

    def end(self, account: str, how: str = "退订") -> None:
        """退订, 使其到期 or 释放, with its second click."""
        row = self.purchase(account)
        row.get_by_role("button", name=how, exact=True).click()
        row.get_by_role("button", name=re.compile("^确认")).click()

    def misbehave(self, *whims: str) -> Self:
        """Switch ways to misbehave on or off, by how their names begin."""
        for whim in whims:
            switch = self.main.get_by_role("switch", name=re.compile(f"^{whim}"))
            was = switch.is_checked()
            switch.click()
            expect(switch).to_be_checked(checked=not was)
        return self
