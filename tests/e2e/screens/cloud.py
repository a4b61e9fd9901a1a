"""The dialog of a cloud account, and the simulated marketplaces where one subscribes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.screens.screen import message, runs, typed

_ACTS = ("change", "nowhere", "newcomer")


def claim_button(page: Page) -> Locator:
    """What the page of a buyer from AWS does with the chosen option: its name says it."""
    names = "|".join(re.escape(message(f"claim.act_{act}")) for act in _ACTS)
    return page.get_by_role("main").get_by_role("button", name=re.compile(f"^({names})$"))


class CloudDialog:
    """开通云账号结算, wherever it is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.locator("dialog#cloud-dialog")

    @property
    def primary(self) -> Locator:
        """验证并开通 (in 账户管理 验证并登记), 重新验证, 确认提交 or 完成."""
        return self.dialog.locator(".gc-dialog-foot .primary")

    @property
    def failure(self) -> Locator:
        """What went wrong, why that may be and what to do."""
        return self.dialog.get_by_role("alert")

    @property
    def market(self) -> Locator:
        """The way to the marketplace."""
        return self.dialog.locator("[data-market]")

    def box(self, name: str) -> Locator:
        """The field `account` or `instance`."""
        return self.dialog.locator(f"[name={name}]")

    def type(self, account: str, instance: str) -> None:
        """Paste the pair."""
        self.box("account").fill(account)
        self.box("instance").fill(instance)

    def fails(self, error: str, *, unchanged: str = "workspace") -> None:
        """Press the button, and expect exactly this error, with what has not changed and a number."""
        self.primary.click()
        expect(self.failure).to_contain_text(error)
        expect(self.failure).to_contain_text(message(f"cloud.unchanged.{unchanged}"))
        expect(self.failure).to_contain_text("STL-")
        expect(self.primary).to_have_text(message("cloud.retry"))

    def received(self) -> str:
        """The account that came in, masked."""
        masked = re.compile(r"\w{4} \*{4}(?: \*{4})*(?: \w{4})?")
        arrival = self.dialog.locator(".gc-arrival")
        expect(arrival).to_contain_text(masked)
        found = masked.search(arrival.inner_text())
        assert found
        return found[0]

    def at_market(self) -> Market:
        """Open the marketplace, in its new tab."""
        with self.page.expect_popup() as popup:
            self.market.click()
        return Market(popup.value)


class Market:
    """A simulated marketplace."""

    def __init__(self, page: Page) -> None:
        self.page = page
        runs(page)

    def subscribe(self, provider: str) -> str:
        """Subscribe with an account nobody has; returns its id."""
        digits = 16 if provider == "aliyun" else 12
        account = "1" + "".join(str(secrets.randbelow(10)) for _ in range(digits - 1))
        field = typed(self.page.get_by_role("main"), message(f"market.account_{provider}"))
        # Once the page has suggested an account it has loaded all that it shows.
        expect(field).not_to_have_value("")
        field.fill(account)
        self.page.get_by_role("button", name=message(f"market.subscribe_{provider}"), exact=True).click()
        expect(self.purchase(account)).to_be_visible()
        return account

    def purchase(self, account: str) -> Locator:
        """What an account bought."""
        return self.page.get_by_role("listitem").filter(has_text=account)

    def instance(self, account: str) -> str:
        """The instance ID of what it bought, once the portal has answered."""
        copy = self.purchase(account).get_by_role("button", name=message("market.copy_instance"))
        expect(copy).to_be_visible()
        return copy.locator("xpath=..").locator(".gc-mono").inner_text()

    def set_up(self, account: str, workspace: Callable[[Page], Locator] | None = None) -> None:
        """建立您的账户 at AWS, and the act of the page of the portal it leads to."""
        self.purchase(account).get_by_role("button", name=message("market.set_up")).click()
        button = claim_button(self.page)
        expect(button).to_be_visible()
        runs(self.page)
        if workspace:
            workspace(self.page).click()
        button.click()
        expect(self.page.get_by_role("heading", name=message("claim.aws.done_title"))).to_be_visible()

    def cancel(self, account: str) -> None:
        """退订."""
        self.purchase(account).get_by_role("button", name=message("market.cancel"), exact=True).click()
        self.purchase(account).get_by_role("button", name=message("market.confirm_cancel"), exact=True).click()
