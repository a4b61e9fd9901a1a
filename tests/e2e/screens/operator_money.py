"""运营后台: 入账与代金券, 审批 and 账本."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.e2e.screens.screen import Screen, message, typed


class MoneyScreen(Screen):
    """Order something, and see what it would move."""

    path = "/operator/money"

    @property
    def rehearsal(self) -> Locator:
        """What the order would move."""
        return self.main.locator(".gc-rehearsal")

    @property
    def acts(self) -> Locator:
        """What was ordered before, the newest first."""
        return self.main.get_by_role("table", name=message("money_admin.acts")).locator("tbody tr")

    def fill(self, **fields: str) -> None:
        """Type into fields by the last part of their key."""
        for name, value in fields.items():
            label = message("operator.reason") if name == "reason" else message(f"money_admin.{name}")
            self.main.locator(".gc-split-form").get_by_label(label).first.fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.main.locator(".gc-split-form").get_by_label(label).select_option(label=option)

    def rehearse(self) -> None:
        """试算."""
        self.button(message("money_admin.preview")).click()


class TransfersScreen(Screen):
    """Import statements, and see what became of their lines."""

    path = "/operator/transfers"
    _columns = ("serial", "paid_at", "amount", "payer", "memo")

    @property
    def lines(self) -> Locator:
        """The lines of the statement."""
        return self.main.get_by_role("table", name=message("transfers.lines_of")).locator("tbody tr")

    def send(self, content: bytes, *, bank: str = "", columns: tuple[str, ...] = ()) -> None:
        """Import a file; the columns are given with the first one of a bank."""
        typed(self.main, message("transfers.bank")).fill(bank)
        self.main.locator("input[type=file]").set_input_files(
            {"name": "bank-20260718.csv", "mimeType": "text/csv", "buffer": content}
        )
        if columns:
            if not self.main.locator("#field-serial").is_visible():
                self.main.locator(".gc-columns > summary").click()
            for name, column in zip(self._columns, columns, strict=True):
                self.main.locator(f"#field-{name}").fill(column)
        self.button(message("transfers.import")).click()


class ApprovalsScreen(Screen):
    """Decide what others asked for."""

    path = "/operator/approvals"

    @property
    def waiting(self) -> Locator:
        """The requests that wait."""
        return self.main.locator(".gc-approval-list > li")

    @property
    def request(self) -> Locator:
        """The request that is open."""
        return self.main.locator(".gc-request")

    @property
    def decided(self) -> Locator:
        """What was decided, the newest first."""
        return self.main.get_by_role("table", name=message("money_admin.decided"), exact=True).locator("tbody tr")

    def remark(self, said: str) -> None:
        """意见."""
        typed(self.main, message("money_admin.remark")).fill(said)


class ReconciliationScreen(Screen):
    """对账."""

    path = "/operator/reconciliation"

    @property
    def records(self) -> Locator:
        """Records that are open or were returned."""
        return self.main.get_by_role("table", name=message("reconciliation.open")).locator("tbody tr")

    @property
    def days(self) -> Locator:
        """Billing days of marketplaces."""
        return self.main.get_by_role("table", name=message("reconciliation.days")).locator("tbody tr")

    @property
    def dialog(self) -> Locator:
        """The one that is open."""
        return self.page.get_by_role("dialog")

    def sums(self) -> dict[str, int]:
        """The equation, in cents."""
        parts = self.main.locator(".gc-balance > div")
        names = ("ours", "accepted", "returned", "difference", "waiting", "unknown", "unpaid")
        return {name: cents(parts.nth(place).locator("b").inner_text()) for place, name in enumerate(names)}

    def enter(self, shown: str, why: str) -> None:
        """Say what the marketplace shows."""
        typed(self.dialog, message("reconciliation.shown")).fill(shown)
        typed(self.dialog, message("operator.reason")).fill(why)
        self.dialog.get_by_role("button", name=message("reconciliation.save"), exact=True).click()


def cents(amount: str) -> int:
    """An amount such as ¥1,234.56."""
    return int("".join(digit for digit in amount if digit.isdigit()))
