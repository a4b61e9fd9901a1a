"""付费计划与账单."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.screens.screen import Screen


class BillingScreen(Screen):
    """Plan, use and payer."""

    path = "/workspace/billing"

    @property
    def edition(self) -> Locator:
        """The badge beside the title."""
        return self.main.locator(".gc-page-title .gc-badge")

    @property
    def menu_entry(self) -> Locator:
        """管理, in the rail, where it leads here."""
        return self.page.locator(f".gc-rail a[href='{self.path}']")

    @property
    def payer(self) -> Locator:
        """The panel of who pays."""
        return self.main.locator(".gc-panel", has=self.page.get_by_role("heading", name="当前结算方式"))

    def quota(self, name: str) -> Locator:
        """An item of the board, with its figures, badge and outlook."""
        return self.main.locator(".gc-quota", has=self.page.get_by_text(name, exact=True))

    @property
    def problems(self) -> Locator:
        """The notices above the board."""
        return self.main.locator(".gc-note").filter(visible=True)

    def used(self, name: str) -> Locator:
        """An item of 使用统计: 截止当前 and 截止昨日."""
        return self.main.get_by_role("table", name="使用统计", exact=True).get_by_role("row").filter(has_text=name)

    def choose(self, name: str) -> None:
        """Another item or time of the chart."""
        choice = self.main.get_by_role("radio", name=name, exact=True)
        choice.click()
        expect(choice).to_be_checked()

    @property
    def summary(self) -> Locator:
        """The chart in a sentence."""
        return self.main.locator(".gc-chart-summary")

    @property
    def chart(self) -> Locator:
        """The chart, named by its summary."""
        return self.main.get_by_role("img")

    @property
    def bars(self) -> Locator:
        """What the chart has drawn."""
        return self.chart.locator(".recharts-bar-rectangle path")

    def drawn_width(self) -> float:
        """How wide the drawing is on the screen, in CSS pixels."""
        return float(self.chart.locator(".recharts-surface").evaluate("(svg) => svg.getBoundingClientRect().width"))

    @property
    def tip(self) -> Locator:
        """What is said of the bar under the pointer."""
        return self.chart.locator(".gc-chart-tip")

    def chart_table(self) -> list[list[str]]:
        """The table of the chart, cell by cell."""
        table = self.main.get_by_role("table", name="使用统计视图")
        if not table.is_visible():
            self.main.get_by_text("以表格查看").click()
        rows = table.get_by_role("rowgroup").last.get_by_role("row")
        return [text.split() for text in rows.all_inner_texts()]

    @property
    def workspace(self) -> Locator:
        """The switcher in the header, with the name of the current one."""
        return self.page.locator(".gc-workspace")

    def switch_to(self, name: str) -> None:
        """Look at another workspace, by the switcher in the header."""
        self.workspace.click()
        self.page.get_by_role("option", name=name).click()
