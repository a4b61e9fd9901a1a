"""Recharges in the browser: paid at the sandbox's cashier, which behaves and misbehaves; the page notices by itself."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from guance_portal import routes
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.recharge import RechargeScreen
from tests.e2e.screens.screen import Screen, message, runs
from tests.support.people import People
from tests.support.settled_companies import company


def test_a_recharge_by_alipay_is_said_paid_once_and_stands_in_the_balance(
    new_page: Callable[..., Page], people: People
) -> None:
    recharge = RechargeScreen(new_page(people.sign_in(people.payer()))).open()
    recharge.amount.fill("1,000")
    recharge.amount.blur()
    expect(recharge.problem).to_have_text(message("errors.amount_grouped"))
    recharge.amount.fill("88.80")
    expect(recharge.effect).to_contain_text("¥88.80")
    order = recharge.pay("88.80", "alipay")
    cashier = order.cashier()
    expect(cashier.do("pay")).to_contain_text([message("payments.outcome.credited")])
    # Nobody touches the page of the order: it is told.
    expect(order.success).to_contain_text("¥88.80")
    expect(cashier.do("tell").first).to_contain_text(message("payments.outcome.repeated"))
    overview = FeeCenterScreen(order.page)
    order.main.get_by_role("link", name=message("recharge_order.to_overview")).click()
    expect(overview.main.locator(".gc-figures")).to_contain_text("88.80")
    overview.go(message("nav.fee_wallet"))
    statement = overview.main.get_by_role("table", name=message("statement.title")).locator("tbody tr")
    expect(statement).to_contain_text(["+¥88.80"])
    overview.main.get_by_role("link", name=message("records.title"), exact=True).click()
    records = overview.main.get_by_role("table", name=message("records.title")).locator("tbody tr")
    expect(records).to_have_count(1)
    expect(records.first).to_contain_text(message("records.paid"))


def test_of_two_payments_by_wechat_one_is_credited_and_the_other_waits(
    new_page: Callable[..., Page], people: People
) -> None:
    order = RechargeScreen(new_page(people.sign_in(people.payer()))).open().pay("20.00", "wechat")
    expect(order.main.get_by_role("img", name=message("recharge_order.qr"))).to_be_visible()
    sent = order.cashier().do("pay_twice")
    expect(sent).to_contain_text([message("payments.outcome.second_payment"), message("payments.outcome.credited")])
    expect(order.success).to_contain_text("¥20.00")
    expect(order.asides).to_contain_text(message("payments.outcome.second_payment"))


def test_another_amount_waits_for_a_person_and_a_forgery_moves_nothing(
    new_page: Callable[..., Page], people: People
) -> None:
    order = RechargeScreen(new_page(people.sign_in(people.payer()))).open().pay("30.00", "alipay")
    cashier = order.cashier()
    expect(cashier.do("forged").first).to_contain_text(message("payments.outcome.forged"))
    expect(cashier.do("other_amount").first).to_contain_text(message("payments.outcome.other_amount"))
    expect(order.asides).to_contain_text("¥30.01")
    expect(order.waiting).to_be_visible()
    order.page.goto(routes.FEE_CENTER)
    runs(order.page)
    expect(order.main.locator(".gc-figures .gc-key").first).to_contain_text("0.00")


def test_a_transfer_shows_the_account_and_the_code_of_the_payer(new_page: Callable[..., Page], people: People) -> None:
    recharge = RechargeScreen(new_page(people.sign_in(people.payer()))).open()
    recharge.choose("bank")
    recharge.amount.fill("60000")
    recharge.button(message("recharge.show_account")).click()
    screen = Screen(recharge.page)
    screen.stands_at(routes.TRANSFER)
    expect(screen.main).to_contain_text("¥60,000.00")
    expect(screen.button(message("transfer.copy_code"))).to_be_visible()


def test_the_owner_sees_balances_and_recharges_where_the_account_lets_it(
    new_page: Callable[..., Page], people: People
) -> None:
    found = company(people)
    billing = BillingScreen(new_page(found.owner)).open()
    expect(billing.main).to_contain_text(message("console_wallet.hidden"))
    expect(billing.button(message("recharge.title"))).to_have_count(0)
    account = FeeCenterScreen(new_page(found.payer))
    account.page.goto(routes.FEE_WORKSPACES)
    runs(account.page)
    switch = account.main.get_by_role("switch", name=message("console_wallet.switch"))
    switch.click()
    expect(switch).to_be_checked()
    expect(account.page.locator(".gc-toasts")).to_contain_text(message("console_wallet.shown"))
    billing = BillingScreen(billing.page).open()
    billing.button(message("recharge.title")).click()
    recharge = RechargeScreen(billing.page)
    recharge.stands_at(routes.RECHARGE)
    runs(billing.page)
    recharge.amount.fill("40.00")
    expect(recharge.effect).to_contain_text(message("recharge.cash_more", amount="¥40.00"))
    order = recharge.pay("40.00", "wechat")
    order.cashier().do("pay")
    expect(order.success).to_contain_text("¥40.00")
    order.page.goto(routes.RECHARGES)
    runs(order.page)
    expect(order.main.get_by_role("table", name=message("records.title"))).to_contain_text("¥40.00")
    expect(recharge.limited).to_be_visible()
    expect(order.main.locator(".gc-strip")).to_have_count(0)
    billing = BillingScreen(order.page).open()
    expect(billing.main.locator(".gc-facts").first).to_contain_text("40.00")
