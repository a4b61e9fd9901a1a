"""充值 in the fee centre, and the cashier of the sandbox where it is paid."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import Screen, message, runs


class RechargeScreen(FeeCenterScreen):
    """How much, and how."""

    path = routes.RECHARGE

    @property
    def amount(self) -> Locator:
        """The field of the amount."""
        return self.main.get_by_role("textbox", name=message("recharge.amount"), exact=True)

    @property
    def effect(self) -> Locator:
        """What the amount will do."""
        return self.main.locator(".gc-effect")

    @property
    def problem(self) -> Locator:
        """What is wrong with the amount."""
        return self.main.locator("#field-amount-problem")

    def choose(self, way: str) -> None:
        """A way to pay, by its key."""
        radio = self.main.get_by_role("radio", name=message(f"recharge.way_{way}"), exact=True)
        radio.check()

    def pay(self, amount: str, way: str) -> OrderScreen:
        """Fill in, and go where the order waits."""
        self.choose(way)
        self.amount.fill(amount)
        # The button names the amount once the server has said what it will do.
        self.main.get_by_role("button", name=message("recharge.pay_amount", amount=f"¥{amount}"), exact=True).click()
        order = OrderScreen(self.page)
        expect(order.waiting).to_be_visible()
        return order


class OrderScreen(Screen):
    """One order."""

    path = routes.RECHARGE_ORDER

    @property
    def waiting(self) -> Locator:
        """That it waits to be paid."""
        return self.main.locator(".gc-waits")

    @property
    def success(self) -> Locator:
        """That it was paid."""
        return self.main.locator(".gc-success")

    @property
    def asides(self) -> Locator:
        """Money that came for it and waits for a person."""
        return self.main.locator(".gc-note.amber")

    def cashier(self) -> CashierScreen:
        """Open the cashier, which comes in a new tab; this page goes on waiting."""
        with self.page.context.expect_page() as opened:
            self.main.locator("[data-pay]").click()
        runs(opened.value)
        return CashierScreen(opened.value)


class CashierScreen(Screen):
    """The cashier of the sandbox."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)

    def do(self, deed: str) -> Locator:
        """Let something happen; the notices that were sent."""
        self.main.get_by_role("button", name=message(f"cashier.{deed}")).first.click()
        sent = self.main.get_by_role("table", name=message("cashier.sent")).locator("tbody tr")
        expect(sent.first).to_be_visible()
        return sent
