"""使用统计 of a 商业版: figures, chart and table say the same, and follow the data."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from guance_portal.metering.items import Item
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.screen import SOON, message, runs
from tests.support.companies import owner_of, paying, send, token_of_newcomer
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.usage import a_day


@pytest.fixture(scope="session")
def long_used(people: People) -> object:
    return paying(people, days=1_095)


def test_figures_of_today_and_yesterday_stand_side_by_side(new_page: Callable[..., Page], long_used: object) -> None:
    billing = BillingScreen(new_page(long_used)).open()
    expect(billing.used("日志类数据")).to_contain_text(f"{a_day(Item.LOGS, 0):,}")
    expect(billing.used("日志类数据")).to_contain_text(f"{a_day(Item.LOGS, 1):,}")
    expect(billing.main.get_by_role("table", name="使用统计", exact=True).get_by_role("row")).to_have_count(7)


@pytest.mark.parametrize(("span", "days"), [("近 7 天", 7), ("近 30 天", 30), ("近 90 天", 90)])
def test_the_chart_and_its_table_agree_day_by_day(
    new_page: Callable[..., Page], long_used: object, span: str, days: int
) -> None:
    billing = BillingScreen(new_page(long_used)).open()
    billing.choose(span)
    billing.choose("应用性能 Trace")
    expect(billing.bars).to_have_count(days)
    assert billing.drawn_width() > 300
    values = [a_day(Item.TRACES, ago) for ago in reversed(range(days))]
    rows = billing.chart_table()
    assert [row[1] for row in rows] == [f"{value:,}" for value in values]
    assert (date.fromisoformat(rows[-1][0]) - date.fromisoformat(rows[0][0])).days == days - 1
    expect(billing.summary).to_contain_text(f"共 {sum(values):,}，最多 {max(values):,}")
    expect(billing.chart).to_have_accessible_name(billing.summary.inner_text())


def test_three_years_are_drawn_by_the_month(new_page: Callable[..., Page], long_used: object) -> None:
    billing = BillingScreen(new_page(long_used)).open()
    billing.choose("近 3 年（按月）")
    expect(billing.summary).to_contain_text("近 3 年")
    rows = billing.chart_table()
    assert len(rows) == 36
    assert all(re.fullmatch(r"\d{4}-\d\d", row[0]) for row in rows)
    heights = billing.bars.evaluate_all("(bars) => bars.map((bar) => bar.getBBox().height)")
    values = [int(row[1].replace(",", "")) for row in rows if row[1] != "0"]
    drawn = [height for height in heights if height > 0]
    assert len(drawn) == len(values)
    scale = values[0] / drawn[0]
    assert all(abs(height * scale - value) < max(values) * 0.01 for height, value in zip(drawn, values, strict=True))


def test_the_bar_under_the_pointer_is_told_in_full(new_page: Callable[..., Page], long_used: object) -> None:
    billing = BillingScreen(new_page(long_used)).open()
    billing.choose("近 7 天")
    expect(billing.bars).to_have_count(7)
    billing.bars.last.hover()
    day, value = billing.chart_table()[-1]
    billing.bars.last.hover()
    expect(billing.tip).to_contain_text(day)
    expect(billing.tip).to_contain_text(value)


def test_figures_and_chart_follow_the_data_within_two_seconds(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    who = paying(people)
    billing = BillingScreen(new_page(who)).open()
    expect(billing.main.get_by_role("link", name="前往新手引导")).to_be_visible()
    token = token_of_newcomer(people, who)
    assert send(portal, token, "logging", *['nginx message="a"'] * 12) == 200
    accepted = time.monotonic()
    expect(billing.used("日志类数据")).to_contain_text("12", timeout=SOON)
    expect(billing.summary).to_contain_text("共 12", timeout=SOON)
    assert time.monotonic() - accepted < 2
    expect(billing.bars).to_have_count(1)


def test_the_charts_script_is_fetched_where_a_chart_is_shown_and_nowhere_else(
    new_page: Callable[..., Page], people: People, long_used: object
) -> None:
    def fetched(who: object, path: str) -> list[str]:
        page = new_page(who)
        scripts: list[str] = []
        page.on("request", lambda request: scripts.append(request.url))
        page.goto(path)
        runs(page)
        expect(page.locator("main .gc-loading")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        return [url for url in scripts if "usage-bars" in url]

    assert fetched(owner_of(people), "/workspace/billing") == []
    assert fetched(long_used, "/account") == []
    assert len(fetched(long_used, "/workspace/billing")) == 1


def test_what_it_counts_is_said_in_english_too(new_page: Callable[..., Page], long_used: object) -> None:
    billing = BillingScreen(new_page(long_used, locale="en-US")).open()
    expect(billing.main.get_by_role("table", name="Usage", exact=True)).to_contain_text("Log data")
    expect(billing.summary).to_contain_text("Log data, 30 days:")


def test_a_phone_shows_figures_chart_and_table(new_page: Callable[..., Page], long_used: object) -> None:
    billing = BillingScreen(new_page(long_used, viewport={"width": 390, "height": 844})).open()
    expect(billing.used("日志类数据")).to_contain_text("昨日")
    expect(billing.bars).to_have_count(30)
    assert len(billing.chart_table()) == 30
    assert message("billing.to_now") == "截止当前"
