"""From the simulated marketplaces to the changed method: sign-up, upgrade, console and fee centre, both clouds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.rate_limits import LIMITS
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.payers.rules import SettlementMethod, mask
from guance_portal.sites import Currency, Provider
from tests.e2e.screens.cloud import CloudDialog, Market
from tests.e2e.screens.screen import address, message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.e2e.screens.sign_up import DoneScreen, SettlementScreen
from tests.support.newcomers import Newcomer, after_upgrade, at_step_three, outcome
from tests.support.people import People, Session
from tests.support.settled_companies import company

SITES = {Provider.ALIYUN: "cn1", Provider.AWS: "cn2"}
REGISTERED, CLOUDS = "已登记云账号", "云账号"


@dataclass(frozen=True, slots=True)
class Way:
    """Who comes, where their dialog of methods is, and how it is opened there."""

    who: Session | Newcomer
    path: str
    opener: str


def ways(people: People, place: str, provider: Provider) -> Way:
    """The places from which a workspace's method is changed."""
    site = SITES[provider]
    if place == "upgrade":
        return Way(after_upgrade(people, site=site), routes.UPGRADE_DONE, "绑定结算云账号")
    here = company(people, site=site)
    if place == "console":
        return Way(here.owner, routes.BILLING, "更改结算方式")
    return Way(here.payer, routes.FEE_WORKSPACES, "更改结算方式")


def nowhere(page: Page) -> Locator:
    """On the claim page: no workspace for now."""
    return page.get_by_role("radio", name=message("claim.nowhere"))


def name_of(provider: Provider) -> str:
    """The method by its name."""
    return message(f"settlement_method.{provider}")


@pytest.mark.parametrize("provider", [Provider.ALIYUN, Provider.AWS])
@pytest.mark.parametrize("place", ["console", "upgrade", "fee centre"])
def test_a_subscription_at_the_marketplace_becomes_the_method(
    new_page: Callable[..., Page], people: People, place: str, provider: Provider
) -> None:
    way = ways(people, place, provider)
    methods = SettlementDialog(new_page(way.who))
    methods.page.goto(way.path)
    runs(methods.page)
    methods.button(way.opener).click()
    methods.radio(CLOUDS, name_of(provider)).click()
    methods.act(message("settlement.confirm_provider", method=name_of(provider))).click()
    cloud = CloudDialog(methods.page)
    steps = cloud.dialog.locator(".gc-vertical-steps > li")
    market = cloud.at_market()
    expect(steps.locator("h3", has_text=message("steps.done"))).to_have_count(0)
    account = market.subscribe(provider)
    expect(steps.locator("h3", has_text=message("steps.done"))).to_have_count(0)
    if provider is Provider.ALIYUN:
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        cloud.type(f" {account[:4].translate(wide)} {account[4:]}\u200b", f"{market.instance(account)} ")
    else:
        market.set_up(account, nowhere if place == "fee centre" else None)
        expect(cloud.dialog).to_contain_text(message("cloud.aws.received"))
    if provider is Provider.ALIYUN:
        cloud.box("instance").press("Tab")
    expect(steps.locator("h3", has_text=message("steps.done"))).to_have_count(2)
    shown = mask(account) if provider is Provider.ALIYUN else cloud.received()
    cloud.primary.click()
    expect(cloud.dialog).to_be_hidden()
    expect(methods.pending).to_contain_text(f"{name_of(provider)} {shown}")
    expect(methods.option(REGISTERED, name_of(provider))).to_contain_text(shown)


@pytest.mark.parametrize("provider", [Provider.ALIYUN, Provider.AWS])
def test_a_sign_up_begins_with_the_cloud_account_and_loses_nothing_on_the_way(
    new_page: Callable[..., Page], people: People, provider: Provider
) -> None:
    who = at_step_three(people, site=SITES[provider])
    step = SettlementScreen(new_page(who)).open()
    expect(step.method("enterprise")).to_be_checked()
    step.box("workspace_name").fill("云帆-云上")
    step.method(provider).check()
    step.press("confirm")
    cloud = CloudDialog(step.page)
    market = cloud.at_market()
    account = market.subscribe(provider)
    if provider is Provider.ALIYUN:
        cloud.type(account, "not yet")
        cloud.box("account").focus()
    step.page.reload()
    runs(step.page)
    expect(cloud.dialog).to_be_visible()
    expect(step.page.locator("#field-name")).to_have_value("云帆-云上")
    expect(step.page.locator(f"[name=method][value={provider}]")).to_be_checked()
    if provider is Provider.ALIYUN:
        expect(cloud.box("account")).to_have_value(account)
        cloud.fails(message("errors.subscription_unknown", instance="notyet"), unchanged="sign_up")
        cloud.type(account, market.instance(account))
    else:
        expect(cloud.dialog.get_by_role("timer")).to_be_visible()
        market.set_up(account)
        expect(cloud.dialog).to_contain_text(message("cloud.aws.received"))
    cloud.primary.click()
    done = DoneScreen(step.page)
    done.stands_at(done.path)
    done.says("云帆-云上", name_of(provider))
    made = outcome(people, who.email)
    assert (made.counts, made.methods) == ((1, 1, 1), [SettlementMethod(provider)])


def sold(people: People, account: str, *, end: str = "", currency: Currency = Currency.CNY) -> str:
    """The market tells of a purchase, and of its end; returns the instance."""

    async def tell(services: Services) -> str:
        shop = services.marketplaces
        listing = shop.listings.of(Provider.ALIYUN, currency)
        assert listing
        await shop.subscriptions.record_purchase(Purchase(listing=listing, account=account, reference=f"o-{account}"))
        (bought,) = await shop.subscriptions.of_account(listing, account)
        if end:
            await getattr(shop.subscriptions, end)(listing, bought.instance)
        return bought.instance

    return people.do(tell)


def test_every_failure_says_what_why_and_what_to_do_and_changes_nothing(
    new_page: Callable[..., Page], people: People
) -> None:
    other, here = company(people), company(people)
    taken = sold(people, "1000000000000001")
    first = CloudDialog(new_page(other.payer))
    first.page.goto(f"{routes.FEE_ACCOUNT}?cloud=aliyun")
    runs(first.page)
    first.type("1000000000000001", taken)
    first.primary.click()
    expect(first.page.get_by_role("table", name="云账号")).to_contain_text("1000 **** **** 0001")

    cloud = CloudDialog(new_page(here.owner))
    cloud.page.goto(f"{routes.BILLING}?cloud=aliyun")
    runs(cloud.page)
    expect(cloud.dialog).to_be_visible()
    cloud.primary.click()
    expect(cloud.box("account")).to_be_focused()
    expect(cloud.box("account")).to_have_accessible_description(
        f"{message('cloud.refused.aliyun.cloud_account_id_missing')} {message('cloud.aliyun.account_help')}"
    )
    cloud.type("lin@1000000000000002", "x")
    cloud.primary.click()
    expect(cloud.dialog).to_contain_text(message("cloud.refused.aliyun.cloud_account_id_malformed"))

    expired, released = sold(people, "1000000000000003", end="expire"), sold(people, "1000000000000004", end="release")
    dollars = sold(people, "1000000000000005", currency=Currency.USD)
    cloud.type("1000000000000001", taken)
    cloud.fails(message("errors.cloud_account_taken"))
    for account, instance, error, cause in (
        ("1000000000000002", "89204417", "subscription_unknown", "aliyun.subscription_unknown"),
        ("1000000000000002", expired, "subscription_elsewhere", "subscription_elsewhere"),
        ("1000000000000003", expired, "subscription_expired", "aliyun.subscription_expired"),
        ("1000000000000004", released, "subscription_released", "subscription_released"),
    ):
        cloud.type(account, instance)
        cloud.fails(message(f"errors.{error}", account=mask(account), instance=instance))
        expect(cloud.failure.get_by_role("listitem").first).to_have_text(message(f"cloud.causes.{cause}.a"))
    cloud.type("1000000000000005", dollars)
    cloud.fails(message("errors.subscription_currency", theirs="USD", ours="CNY"))
    assert LIMITS["cloud_claims"].amount == 5
    cloud.fails(message("cloud.causes.cloud_claims_too_often.a"))
    # What was typed is kept, and 重新选择 leads back to a method that has not changed.
    expect(cloud.box("account")).to_have_value("1000000000000005")
    cloud.dialog.get_by_role("button", name=message("cloud.choose_again")).click()
    methods = SettlementDialog(cloud.page)
    expect(methods.dialog).to_be_visible()
    expect(methods.group(REGISTERED)).to_have_count(0)
    expect(methods.pending).to_have_count(0)


def test_anyone_who_came_by_marketplace_sso_types_nothing(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(company(people).owner)
    page.goto(routes.sandbox_market("aliyun", "cn"))
    market = Market(page)
    account = market.subscribe("aliyun")
    instance = market.instance(account)
    market.purchase(account).get_by_role("link", name=message("market.enter")).click()
    expect(page).to_have_url(address(routes.MARKETPLACE_SSO))
    page.goto(f"{routes.BILLING}?cloud=aliyun")
    runs(page)
    cloud = CloudDialog(page)
    expect(cloud.box("account")).to_have_value(account)
    expect(cloud.box("instance")).to_have_value(instance)
    cloud.primary.click()
    expect(SettlementDialog(page).pending).to_contain_text(mask(account))


def test_cancelled_at_the_cloud_the_open_pages_follow(new_page: Callable[..., Page], people: People) -> None:
    here = company(people)
    paying = new_page(here.payer)
    paying.goto(routes.FEE_ACCOUNT)
    runs(paying)
    paying.get_by_role("button", name=message("cloud.aliyun.add")).click()
    cloud = CloudDialog(paying)
    market = cloud.at_market()
    account = market.subscribe("aliyun")
    cloud.type(account, market.instance(account))
    cloud.primary.click()
    row = paying.get_by_role("table", name="云账号").get_by_role("row").filter(has_text=mask(account))
    expect(row).to_contain_text("可用")
    methods = SettlementDialog(new_page(here.owner)).open("?dialog=settlement")
    expect(methods.radio(REGISTERED, "阿里云账号")).to_be_enabled()
    market.cancel(account)
    expect(row).to_contain_text("已关闭")
    expect(methods.option(REGISTERED, "阿里云账号")).to_contain_text(message("settlement.reason.account_closed"))
    expect(methods.radio(REGISTERED, "阿里云账号")).to_be_disabled()
