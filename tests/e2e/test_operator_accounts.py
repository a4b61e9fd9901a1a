"""运营后台: find an account, allow it every provider, end its sessions, and read of all that in the audit."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.screens.operator import AuditScreen, OperatorScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.settlement import SettlementDialog
from tests.support.newcomers import at_the_end
from tests.support.people import People
from tests.support.settled_companies import company

NO_OTHERS = "联系客户经理开启「结算方式任意选择」后可用"


def test_an_operator_finds_an_account_and_sees_all_of_it(new_page: Callable[..., Page], people: People) -> None:
    customer = at_the_end(people)
    screen = OperatorScreen(new_page(people.sign_in(people.operator()))).open()
    screen.find(customer.username[:-1])
    expect(screen.rows).to_have_count(1)
    screen.page.reload()
    expect(screen.rows).to_have_count(1)
    expect(screen.rows.first).to_contain_text(customer.email)
    screen.open_account(customer.username)
    expect(screen.panel("账号资料")).to_contain_text(customer.email)
    expect(screen.panel("账号资料")).to_contain_text("杭州云帆科技有限公司")
    expect(screen.panel("工作空间与结算方式")).to_contain_text("yunfan-production")
    expect(screen.panel("工作空间与结算方式")).to_contain_text("观测云企业账号")
    screen.page.go_back()
    screen.find("nobody-has-this-name")
    expect(screen.main).to_contain_text(message("operator.no_account"))


def test_the_customers_open_dialog_follows_what_the_operator_allows(
    new_page: Callable[..., Page], people: People
) -> None:
    here = company(people)
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()
    expect(dialog.dialog).to_contain_text(NO_OTHERS)
    screen = OperatorScreen(new_page(people.sign_in(people.operator()))).open(f"?q={here.payer.person.name}")
    screen.open_account(here.payer.person.name)
    expect(screen.panel("结算方式任意选择")).to_contain_text("未开启")
    screen.do("开启任意选择", "开启任意选择", " ")
    expect(screen.page.get_by_role("dialog").locator("[data-summary]")).to_contain_text(
        message("errors.reason_missing")
    )
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("dialog")).to_be_hidden()
    screen.do("开启任意选择", "开启任意选择", "框架合同 4711")
    expect(screen.panel("结算方式任意选择")).to_contain_text("已开启")
    expect(screen.notice).to_contain_text(message("operator.choice_set"))
    expect(dialog.dialog).to_contain_text("已开启「结算方式任意选择」")
    expect(dialog.dialog).not_to_contain_text(NO_OTHERS)
    screen.do("关闭任意选择", "关闭任意选择", "合同到期")
    expect(dialog.dialog).to_contain_text(NO_OTHERS)
    screen.main.get_by_role("link", name=message("operator.audit_of")).click()
    audit = AuditScreen(screen.page)
    expect(audit.entries.first).to_contain_text("结算方式任意选择设为关闭")
    expect(audit.entries.first).to_contain_text("原因：合同到期")
    expect(audit.entries.nth(1)).to_contain_text("框架合同 4711")
    audit.entries.first.get_by_text(message("operator.raw")).click()
    expect(audit.entries.first.locator("pre")).to_contain_text('"act": "fee_account.arbitrary_choice_set"')


def test_an_operator_ends_the_sessions_of_an_account(new_page: Callable[..., Page], people: People) -> None:
    payer = people.payer()
    session = people.sign_in(payer)
    customer = new_page(session)
    customer.goto("/fee-center")
    expect(customer.get_by_role("main")).to_contain_text(payer.name)
    screen = OperatorScreen(new_page(people.sign_in(people.operator()))).open(f"?q={payer.email}")
    screen.open_account(payer.name)
    expect(screen.panel("已登录的设备")).to_contain_text("1 个登录")
    screen.do("结束全部登录", "结束登录", "客户报告设备遗失")
    expect(screen.panel("已登录的设备")).to_contain_text("0 个登录")
    assert people.sessions_of(session) == []
    customer.goto("/fee-center/workspaces")
    OperatorScreen(customer).stands_at("/fee-center/login")
    audit = AuditScreen(screen.page).open()
    audit.find(对象=payer.name)
    expect(audit.entries.first).to_contain_text("客户报告设备遗失")
    expect(audit.entries.first).to_contain_text("1 个登录")


def test_the_audit_is_narrowed_by_act_and_day_and_keeps_it_in_the_address(
    new_page: Callable[..., Page], people: People
) -> None:
    customer = at_the_end(people)
    audit = AuditScreen(new_page(people.sign_in(people.operator()))).open()
    audit.main.get_by_label("操作", exact=True).select_option(label="创建工作空间")
    audit.find(操作人=customer.email)
    expect(audit.entries).to_have_count(1)
    expect(audit.entries.first).to_contain_text("创建了工作空间「yunfan-production」")
    audit.page.reload()
    expect(audit.entries).to_have_count(1)
    expect(audit.field("操作人")).to_have_value(customer.email)
    audit.find(开始日期="2099-01-01")
    expect(audit.main).to_contain_text(message("operator.no_entry"))


def test_only_operators_reach_these_pages(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(people.sign_in(people.payer()))
    for path in ("/operator", "/operator/audit", "/operator/fee-account"):
        page.goto(path)
        OperatorScreen(page).stands_at("/operator/login")
