"""计费方式 and its estimator, which also stands on 套餐升级."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.screens.screen import Screen


class Estimator:
    """费用估算."""

    def __init__(self, page: Page) -> None:
        self.panel = page.get_by_role("main").locator(".gc-estimate")

    def row(self, item: str) -> Locator:
        """One item, by the name the price list gives it."""
        return self.panel.locator(f"[data-item={item}]")

    def quantity(self, name: str) -> Locator:
        """The quantity of an item, by its label."""
        return self.panel.get_by_label(name, exact=True)

    def kept(self, name: str) -> Locator:
        """The retention of an item."""
        return self.panel.get_by_role("combobox", name=f"{name}的保存时长")

    @property
    def sums(self) -> Locator:
        """A day, a month, and the list they are by."""
        return self.panel.get_by_role("status")

    def show_more(self) -> None:
        """Unfold what few people use."""
        self.panel.get_by_text("更多计费项").click()


class PricingScreen(Screen):
    """Prices by site, currency and day."""

    path = "/pricing"

    @property
    def table(self) -> Locator:
        """The prices."""
        return self.main.get_by_role("table", name="计费项价格")

    @property
    def estimator(self) -> Estimator:
        """The estimate beside them."""
        return Estimator(self.page)

    def prices(self, item: str) -> list[str]:
        """The unit prices of an item, in the order of its tiers."""
        rows = self.table.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=item, exact=True))
        return [row.get_by_role("cell").last.inner_text() for row in rows.all()]

    def ask(self, *, site: str = "", currency: str = "", day: str = "") -> None:
        """Choose and show, once the controls stand at what is shown."""
        expect(self.table).to_be_visible()
        if site:
            self.field("站点").select_option(label=site)
        if currency:
            self.field("币种").select_option(label=currency)
        if day:
            self.field("日期").fill(day)
        self.button("查看").click()
