"""The simulated marketplaces by hand: buy, copy, end, misbehave; on a phone as well."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from guance_portal import routes
from guance_portal.sandbox.numbers import digits
from tests.e2e.screens.sandbox_market import SandboxMarketScreen
from tests.e2e.screens.screen import address, runs


def test_what_is_bought_at_the_alibaba_stand_in_is_provided_renewed_and_given_back(page: Page) -> None:
    market, uid = SandboxMarketScreen(page, "aliyun").open(), digits(16)
    market.account.fill("12")
    market.button("立即开通").click()
    expect(market.summary).to_contain_text("16 位数字")
    row = market.subscribe(uid, "1 个月")
    shown, instance = market.pair(uid)
    assert shown == uid
    assert re.fullmatch("[0-9a-f]{32}", instance)
    row.get_by_role("button", name="续费 1 个月").click()
    expect(market.notices("renewInstance").first).to_contain_text("已送达")
    market.end(uid, "使其到期")
    expect(row).to_contain_text("已到期")
    row.get_by_role("button", name="释放", exact=True).click()
    row.get_by_role("button", name="返回", exact=True).click()
    market.end(uid, "释放")
    expect(row).to_contain_text("已释放")
    expect(market.notices("releaseInstance").first).to_contain_text("已送达")
    page.reload()
    runs(page)
    expect(market.purchase(uid)).to_contain_text(instance)


def test_marketplace_sso_and_set_up_your_account_lead_to_the_portal(page: Page) -> None:
    aliyun, uid = SandboxMarketScreen(page, "aliyun", "intl").open(), digits(16)
    aliyun.subscribe(uid).get_by_role("link", name="免登").click()
    expect(page).to_have_url(address(routes.MARKETPLACE_SSO, query=r"([?#].*)?"))
    aws, account = SandboxMarketScreen(page, "aws", "intl").open(), digits(12)
    aws.subscribe(account).get_by_role("button", name="建立您的账户").click()
    expect(page).to_have_url(address(routes.MARKETPLACE_CLAIM, query=r"([?#].*)?"))


def test_a_marketplace_misbehaves_on_request_and_its_page_follows_by_itself(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    market, account = SandboxMarketScreen(page, "aws").open(), digits(12)
    market.misbehave("重复", "不可用")
    market.subscribe(account)
    told = market.notices("subscribe-success").first
    expect(told).to_contain_text("待发送")
    expect(told).to_contain_text("×3")
    market.misbehave("重复", "不可用")
    # Nobody touches the page: it is told.
    expect(told).to_contain_text("已送达")
