"""账户管理: a cloud account is added without any workspace, shown as its holder knows it, and let go."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from guance_portal.payers.rules import mask
from tests.e2e.screens.cloud import CloudDialog, claim_button
from tests.e2e.screens.screen import address, message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.support.people import People
from tests.support.settled_companies import company


def row(page: Page, account: str) -> Locator:
    """The cloud account in the list."""
    return page.get_by_role("table", name="云账号").get_by_role("row").filter(has_text=mask(account))


def accounts(page: Page) -> Page:
    """账户管理."""
    page.goto(routes.FEE_ACCOUNT)
    runs(page)
    return page


def test_an_aws_account_is_added_registered_alone_and_let_go(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, site="cn2")
    page = accounts(new_page(here.payer))
    page.get_by_role("button", name=message("cloud.aws.add")).click()
    cloud = CloudDialog(page)
    expect(cloud.dialog.get_by_role("heading", level=2)).to_have_text(message("cloud.aws.add"))
    expect(cloud.primary).to_have_text(message("cloud.finish"))
    market = cloud.at_market()
    account = market.subscribe("aws")
    market.purchase(account).get_by_role("button", name=message("market.set_up")).click()
    claim = market.page
    expect(claim.get_by_role("radio", name=message("claim.nowhere"))).to_be_checked()
    expect(claim_button(claim)).to_have_text(message("claim.act_nowhere"))
    expect(claim.get_by_role("main")).to_contain_text("观测云企业账号")
    runs(claim)
    claim_button(claim).click()
    expect(claim.get_by_role("main")).to_contain_text(mask(account))
    # The first tab has noticed; 完成 ends the dialog and changes no workspace.
    assert cloud.received() == mask(account)
    cloud.primary.click()
    expect(cloud.dialog).to_be_hidden()
    expect(row(page, account)).to_contain_text("可用")
    row(page, account).get_by_role("button", name=message("let_go.open")).click()
    ask = page.locator("dialog#let-go")
    expect(ask).to_contain_text(message("let_go.means_market"))
    ask.get_by_role("button", name=message("let_go.confirm")).click()
    expect(ask).to_be_hidden()
    expect(row(page, account)).to_have_count(0)


def test_what_pays_for_a_workspace_is_not_let_go_and_the_way_on_is_shown(
    new_page: Callable[..., Page], people: People
) -> None:
    here = company(people)
    page = accounts(new_page(here.payer))
    page.get_by_role("button", name=message("cloud.aliyun.add")).click()
    cloud = CloudDialog(page)
    expect(cloud.primary).to_have_text(message("cloud.aliyun.confirm_add"))
    market = cloud.at_market()
    account = market.subscribe("aliyun")
    cloud.type(account, market.instance(account))
    cloud.primary.click()
    expect(row(page, account)).to_be_visible()
    methods = SettlementDialog(new_page(here.owner)).open("?dialog=settlement")
    methods.radio("已登记云账号", "阿里云账号").check()
    methods.dialog.locator(".gc-dialog-foot .primary").click()
    expect(methods.pending).to_contain_text(mask(account))
    row(page, account).get_by_role("button", name=message("let_go.open")).click()
    ask = page.locator("dialog#let-go")
    expect(ask).to_contain_text(message("let_go.held_title"))
    expect(ask.get_by_role("button", name=message("let_go.confirm"))).to_have_count(0)
    ask.get_by_role("link", name=message("let_go.to_workspaces")).click()
    expect(page).to_have_url(address(routes.FEE_WORKSPACES))
