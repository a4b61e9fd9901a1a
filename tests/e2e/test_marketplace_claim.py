"""From AWS Marketplace to a settled workspace: another site's form, the claim page, signing in on the way, every refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.sandbox.aws.market import BuyerArrival
from guance_portal.sandbox.rules import Whim
from tests.e2e.screens.cloud import claim_button
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.aws_buyers import GOOD, SHOP, arrive, bought_token, bought_tokens
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company


def be_silent(people: People, *, is_on: bool, whim: Whim = Whim.UNREACHABLE) -> None:
    """Let the simulator answer nobody (or too late), or everybody again."""

    async def choose(services: Services) -> None:
        await services.sandbox.counter.set_whim(services.sandbox.shops.aws(SHOP), whim, is_on=is_on)

    people.do(choose)


def test_an_owner_confirms_once_and_the_account_settles_from_tomorrow(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here = company(people, site="us1")
    page = new_page(here.owner)
    arrive(page, portal.base, bought_token(people, "111122223333"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("1111 **** 3333")
    expect(page).to_have_url(f"{portal.base}{routes.MARKETPLACE_CLAIM}")
    expect(main.get_by_role("radio").first).to_be_checked()
    expect(main).to_contain_text("→ AWS 云账号 1111 **** 3333")
    expect(claim_button(page)).to_have_text(message("claim.act_change"))
    claim_button(page).dblclick()
    expect(main.get_by_role("heading", level=1)).to_have_text(message("claim.aws.done_title"))
    expect(main).to_contain_text("起由 AWS 云账号 1111 **** 3333 结算")
    page.reload()
    runs(page)
    expect(main).to_contain_text(message("errors.claim_used"))


def test_anyone_who_is_not_signed_in_is_brought_back_after_signing_in(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here = company(people, site="us1")
    page = new_page()
    arrive(page, portal.base, bought_token(people))
    page.get_by_role("link", name="登录费用中心").click()
    SignInScreen(page, Realm.FEE_CENTER).sign_in(here.payer.person)
    page.wait_for_url(f"**{routes.MARKETPLACE_CLAIM}")
    runs(page)
    page.get_by_text(message("claim.nowhere")).click()
    expect(claim_button(page)).to_have_text(message("claim.act_nowhere"))
    claim_button(page).click()
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(message("claim.aws.done_title"))
    main.get_by_role("link", name="前往费用中心").click()
    expect(main).to_contain_text("AWS")


def test_a_link_is_worth_nothing_in_another_browser(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here = company(people, site="us1")
    page, link = new_page(here.owner), ""

    def follow(url: str) -> None:
        nonlocal link
        link = url if "#" in url else link

    page.on("framenavigated", lambda frame: follow(frame.url))
    arrive(page, portal.base, bought_token(people))
    assert link
    other = new_page(here.owner)
    other.goto(link)
    runs(other)
    expect(other.get_by_role("main")).to_contain_text(message("cloud.refused.aws.claim_unknown"))
    expect(claim_button(other)).to_have_count(0)


@pytest.mark.parametrize(
    ("arrival", "problem"),
    [
        (BuyerArrival(is_expired=True), "aws_token_expired"),
        (BuyerArrival(is_used=True), "aws_token_expired"),
        (BuyerArrival(is_foreign=True), "aws_product_foreign"),
    ],
)
def test_a_token_that_is_no_good_says_why_and_leads_back(
    new_page: Callable[..., Page], people: People, portal: PortalServer, arrival: BuyerArrival, problem: str
) -> None:
    page = new_page()
    arrive(page, portal.base, bought_token(people, arrival=arrival))
    expect(page.get_by_role("main")).to_contain_text(message(f"errors.{problem}"))
    expect(page.get_by_role("link", name="前往亚马逊云市场")).to_have_attribute("href", market(portal))


def test_a_token_that_was_used_goes_on_in_its_own_browser_and_says_so_in_another(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here = company(people, site="us1")
    page, other, token = new_page(here.owner), new_page(here.owner), bought_token(people, "333344445555")
    arrive(page, portal.base, token)
    expect(page.get_by_role("main")).to_contain_text("3333 **** 5555")
    arrive(other, portal.base, token)
    expect(other.get_by_role("main")).to_contain_text(message("errors.aws_token_used"))
    expect(other.get_by_role("link", name="前往亚马逊云市场")).to_have_attribute("href", market(portal))
    expect(claim_button(other)).to_have_count(0)
    # The person who brought it first may come once more, as by going back in the browser.
    arrive(page, portal.base, token)
    main = page.get_by_role("main")
    expect(main).to_contain_text("3333 **** 5555")
    claim_button(page).click()
    expect(main.get_by_role("heading", level=1)).to_have_text(message("claim.aws.done_title"))
    arrive(page, portal.base, token)
    expect(main).to_contain_text(message("errors.claim_used"))


def market(portal: PortalServer) -> str:
    """Where an AWS subscription begins in the sandbox."""
    return f"{portal.base}{routes.sandbox_market('aws', 'cn')}"


def test_a_subscription_bound_elsewhere_stays_there(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    first, second = company(people, site="us1"), company(people, site="us1")

    tokens = bought_tokens(people, "999988887777", (GOOD, GOOD))
    for here, token, outcome in (
        (first, tokens[0], "claim.aws.done_title"),
        (second, tokens[1], "errors.cloud_account_taken"),
    ):
        page = new_page(here.owner)
        arrive(page, portal.base, token)
        claim_button(page).click()
        expect(page.get_by_role("main")).to_contain_text(message(outcome))


@pytest.mark.parametrize("whim", [Whim.UNREACHABLE, Whim.SLOW])
def test_while_aws_is_silent_nothing_is_lost_and_one_click_goes_on(
    new_page: Callable[..., Page], people: People, portal: PortalServer, whim: Whim
) -> None:
    here = company(people, site="us1")
    page, token = new_page(here.owner), bought_token(people)
    be_silent(people, is_on=True, whim=whim)
    try:
        arrive(page, portal.base, token)
        main = page.get_by_role("main")
        expect(main).to_contain_text(message("claim.aws.silent_title"))
        main.get_by_role("button", name="重试").click()
        expect(main).to_contain_text(message("errors.aws_silent"))
    finally:
        be_silent(people, is_on=False, whim=whim)
    main.get_by_role("button", name="重试").click()
    expect(claim_button(page)).to_be_visible()


def test_a_page_that_waits_for_aws_goes_on_by_itself(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here = company(people, site="us1")
    page, token = new_page(here.owner), bought_token(people)
    page.clock.install()
    be_silent(people, is_on=True)
    try:
        arrive(page, portal.base, token)
        main = page.get_by_role("main")
        expect(main).to_contain_text(message("claim.aws.silent_title"))
    finally:
        be_silent(people, is_on=False)
    page.clock.fast_forward("00:31")
    expect(claim_button(page)).to_be_visible()


def test_why_aws_refused_at_a_later_try_is_said_after_a_reload_too(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    page, token = new_page(), bought_token(people, arrival=BuyerArrival(is_expired=True))
    be_silent(people, is_on=True)
    try:
        arrive(page, portal.base, token)
        main = page.get_by_role("main")
        expect(main).to_contain_text(message("claim.aws.silent_title"))
    finally:
        be_silent(people, is_on=False)
    main.get_by_role("button", name="重试").click()
    expect(main).to_contain_text(message("errors.aws_token_expired"))
    page.reload()
    runs(page)
    expect(main).to_contain_text(message("errors.aws_token_expired"))


def test_a_buyer_without_an_account_is_sent_to_the_sign_up_and_told_which_sites_fit(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    page = new_page()
    arrive(page, portal.base, bought_token(people))
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=message("claim.register"))).to_have_attribute("href", routes.REGISTER_BASIC)
    expect(main).to_contain_text("海外区1（俄勒冈）")
    expect(main).not_to_contain_text("中国区2（宁夏）")


def test_anyone_who_opens_the_landing_by_hand_is_told_what_it_is_for_and_where_to_go(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    page = new_page()
    page.goto(f"{portal.base}{routes.AWS_LANDING}")
    runs(page)
    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(message("claim.aws.visited_title"))
    expect(main.get_by_role("link", name="前往亚马逊云市场")).to_have_attribute("href", market(portal))
    main.get_by_role("link", name="登录费用中心").click()
    page.wait_for_url(f"**{routes.FEE_LOGIN}**")
    # Who has just come from AWS goes on with what they brought.
    owner = new_page(company(people, site="us1").owner)
    arrive(owner, portal.base, bought_token(people, "222244446666"))
    owner.goto(f"{portal.base}{routes.AWS_LANDING}")
    runs(owner)
    expect(owner.get_by_role("main")).to_contain_text("2222 **** 6666")
    expect(claim_button(owner)).to_be_visible()
