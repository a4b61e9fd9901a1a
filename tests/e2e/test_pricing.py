"""计费方式: prices from the price data, by site, currency and day; and what something would cost."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.screens.pricing import PricingScreen
from tests.e2e.screens.screen import address, message


def test_it_begins_with_the_list_in_force_at_the_first_site(page: Page) -> None:
    pricing = PricingScreen(page).open()
    expect(pricing.table).to_be_visible()
    assert pricing.prices("日志类数据") == ["¥1.00", "¥1.20", "¥1.50", "¥2.00", "¥2.50"]
    assert pricing.prices("DataKit") == []
    expect(pricing.main).to_contain_text("自 2023-04-23 起生效")


def test_site_and_day_choose_the_list_and_stand_in_the_address(page: Page) -> None:
    pricing = PricingScreen(page).open()
    pricing.ask(day="2022-07-01")
    expect(pricing.main).to_contain_text("2022-08-18 起由新价目表替代")
    expect(page).to_have_url(address("/pricing", r"\?site=cn1&currency=CNY&date=2022-07-01"))
    assert pricing.prices("日志类数据") == ["¥1.50", "¥2.00", "¥2.50"]
    page.reload()
    expect(pricing.main).to_contain_text("2022-08-18 起由新价目表替代")
    expect(pricing.field("日期")).to_have_value("2022-07-01")
    pricing.ask(site="海外区1（俄勒冈）", currency="美元", day="2026-01-01")
    expect(pricing.table).to_contain_text("$0.35")
    assert pricing.prices("API 拨测") == ["$1.43"]


def test_before_the_first_list_the_page_says_from_when(page: Page) -> None:
    pricing = PricingScreen(page).open("?site=us1&date=2022-07-01")
    expect(pricing.main).to_contain_text(
        message("errors.no_price_list", day="2022-07-01", currency="USD", first="2023-06-29")
    )
    expect(pricing.table).to_have_count(0)
    expect(pricing.estimator.panel).to_have_count(0)


def test_an_address_with_nonsense_shows_the_list_of_today(page: Page) -> None:
    pricing = PricingScreen(page).open("?site=moon&currency=XXX&date=tomorrow")
    expect(pricing.main).to_contain_text("自 2023-04-23 起生效")


def test_an_estimate_follows_what_is_typed_with_every_step(page: Page) -> None:
    estimate = PricingScreen(page).open("?site=cn1&date=2022-09-01").estimator
    expect(estimate.sums).to_contain_text("¥80.00")
    expect(estimate.sums).to_contain_text("¥2,400.00")
    expect(estimate.sums).to_contain_text("按 2022-09-01 起生效的价目表估算")
    expect(estimate.sums).not_to_contain_text("cny")
    expect(estimate.row("time_series")).to_contain_text("每台 DataKit 含 300 条，计费 3,000 条")
    estimate.quantity("日志类数据").fill("2.5")
    expect(estimate.row("logs")).to_contain_text("2,500,000 ÷ 1,000,000 = 2.50，× ¥1.50")
    expect(estimate.row("logs")).to_contain_text("¥3.75")
    estimate.kept("日志类数据").select_option(label="60 天")
    expect(estimate.row("logs")).to_contain_text("¥6.25")
    expect(estimate.sums).to_contain_text("¥56.25")
    estimate.panel.get_by_text("仅时间线").click()
    expect(estimate.row("time_series")).to_contain_text("6,000 ÷ 1,000 = 6.00，× ¥3.00")
    expect(estimate.row("datakit")).not_to_contain_text("¥")
    bar = estimate.panel.get_by_role("img")
    expect(bar).to_have_accessible_name(re.compile("^每日费用构成：时间线 .*%、日志类数据 .*%"))
    assert bar.locator(".gc-swatch").evaluate_all("parts => parts.every(part => part.offsetWidth > 0)")


def test_a_wrong_quantity_is_said_beside_it_and_the_rest_still_counts(page: Page) -> None:
    estimate = PricingScreen(page).open("?site=cn1&date=2022-09-01").estimator
    estimate.quantity("DataKit").fill("ten")
    expect(estimate.row("datakit")).to_contain_text(message("errors.quantity"))
    expect(estimate.quantity("DataKit")).to_have_attribute("aria-invalid", "true")
    expect(estimate.sums).to_contain_text("¥59.00")
    estimate.show_more()
    estimate.quantity("备份日志").fill("100")
    expect(estimate.row("backup_logs")).to_contain_text("× ¥0.007")
    expect(estimate.sums).to_contain_text("¥59.70")


def test_the_landing_page_leads_there(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="计费方式").click()
    PricingScreen(page).stands_at("/pricing")


def test_the_currency_follows_the_site_and_back_undoes_a_filter(page: Page) -> None:
    pricing = PricingScreen(page).open()
    currency = pricing.field("币种")
    expect(currency).to_have_value("CNY")
    pricing.field("日期").fill("2026-01-01")
    pricing.field("站点").select_option("us1")
    expect(currency).to_have_value("USD")
    expect(pricing.field("日期")).to_have_value("2026-01-01")
    pricing.button("查看").click()
    expect(page).to_have_url(address("/pricing", r"\?site=us1&currency=USD&date=2026-01-01"))
    expect(pricing.table).to_contain_text("$0.35")
    page.go_back()
    expect(page).to_have_url("/pricing")
    expect(pricing.field("站点")).to_have_value("cn1")
    expect(currency).to_have_value("CNY")
    assert pricing.prices("日志类数据") == ["¥1.00", "¥1.20", "¥1.50", "¥2.00", "¥2.50"]


def test_it_says_what_active_means_and_leads_to_signing_up(page: Page) -> None:
    pricing = PricingScreen(page).open()
    expect(pricing.main).to_contain_text(message("pricing.formula_active"))
    pricing.main.get_by_role("link", name="立即注册").click()
    expect(page).to_have_url("/register")
