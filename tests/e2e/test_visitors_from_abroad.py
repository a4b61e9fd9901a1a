"""Who reads English may be anywhere: nothing of China is taken for granted. And what one typed about oneself can be changed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import Screen, typed
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import BasicScreen, CompanyScreen, hold
from tests.support.newcomers import at_step_two
from tests.support.people import People


def test_no_site_is_preselected_in_english(new_page: Callable[..., Page]) -> None:
    basic = BasicScreen(new_page(locale="en-US"), english=True).open()
    site, phone = basic.choice("site"), basic.box("phone")
    expect(site).to_have_value("")
    expect(phone.locator("xpath=..")).not_to_contain_text("+")
    basic.press("next")
    expect(basic.summary).to_contain_text(basic.message("errors.site_missing"))
    expect(site).to_have_attribute("aria-invalid", "true")
    site.select_option("eu1")
    expect(phone.locator("xpath=..")).to_contain_text("+49")
    basic.page.reload()
    expect(site).to_have_value("eu1")
    for path in ("/login", "/forgot-password"):
        basic.page.goto(path)
        expect(basic.main.get_by_role("combobox", name="Site", exact=True)).to_have_value("")


def test_in_chinese_the_first_site_stands_there(page: Page) -> None:
    expect(BasicScreen(page).open().choice("site")).to_have_value("cn1")
    expect(SignInScreen(page).open().field("站点")).to_have_value("cn1")


def test_countries_come_first_in_english_and_their_companies_have_a_tax_id(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page(locale="en-US")
    hold(page, at_step_two(people, site="us1"))
    company = CompanyScreen(page, english=True).open()
    region = company.main.locator("#field-region")
    groups = region.locator("optgroup")
    expect(groups.first).to_have_attribute("label", company.message("sign_up.regions_world"))
    expect(company.box("uscc")).to_be_visible()
    region.select_option("DE")
    tax_id = company.box("tax_id")
    expect(tax_id).to_be_visible()
    expect(company.box("uscc")).to_have_count(0)
    tax_id.fill("DE 123?")
    tax_id.press("Tab")
    expect(tax_id).to_have_attribute("aria-invalid", "true")
    tax_id.fill("DE 123456789")
    expect(tax_id).to_have_attribute("aria-invalid", "false")
    page.get_by_role("button", name="Change language").click()
    page.get_by_role("menuitemradio", name="中文").click()
    expect(groups.first).to_have_attribute("label", "中国")
    expect(region).to_have_value("DE")
    expect(Screen(page).field("税号")).to_have_value("DE 123456789")
    region.select_option("CN-ZJ")
    code = Screen(page).field("统一社会信用代码")
    expect(code).to_have_value("DE 123456789")
    expect(code).to_have_attribute("aria-invalid", "false")
    code.fill("DE 12345678")
    code.press("Tab")
    expect(code).to_have_attribute("aria-invalid", "true")


def test_name_and_number_are_shown_and_changed_on_the_account_page(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page(people.sign_in(people.user()))
    account = AccountScreen(page).open()
    account.button("编辑资料").click()
    dialog = page.get_by_role("dialog", name="编辑资料")
    name, phone = typed(dialog, "用户名"), typed(dialog, "手机号")
    name.fill("admin")
    phone.fill("1380013")
    dialog.get_by_role("button", name="保存资料").click()
    expect(dialog.locator("[data-summary]").get_by_role("listitem")).to_have_count(2)
    name.fill("林知夏")
    phone.fill("139 0013 9000")
    dialog.get_by_role("button", name="保存资料").click()
    expect(dialog).to_be_hidden()
    for shown in ("林知夏", "+8613900139000"):
        expect(account.main.get_by_role("definition").filter(has_text=shown)).to_be_visible()
    page.reload()
    account.button("编辑资料").click()
    expect(name).to_have_value("林知夏")
    expect(phone).to_have_value("13900139000")
