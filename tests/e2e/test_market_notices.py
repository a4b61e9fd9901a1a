"""What 阿里云云市场 tells by its SPI, as people see it: 免登, open dialogs that follow, the operators' page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.rules import mask
from tests.e2e.screens.cloud import CloudDialog
from tests.e2e.screens.operator import AuditScreen, OperatorScreen
from tests.e2e.screens.screen import Screen, message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.aliyun import LATER
from tests.support.companies import actor, join, owner_of
from tests.support.market_visits import link, register, sell, tell
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company

CLOUDS, METHOD = "云账号", message("settlement_method.aliyun")
ENDED = message("settlement.reason.account_closed")


class ArrivalScreen(Screen):
    """Where 免登 arrives."""

    path = "/marketplace/aliyun"

    def follow(self, address: str) -> ArrivalScreen:
        """As the market opens it."""
        self.page.goto(address)
        runs(self.page)
        return self


def test_a_buyer_arrives_signs_in_and_settles_without_typing_once(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    claim, here = sell(people, portal.base), company(people)
    arrival, address = ArrivalScreen(new_page()), link(people, portal.base, claim)
    arrival.follow(address).stands_at("/marketplace/aliyun")
    expect(arrival.main).to_contain_text(f"{claim.account[:4]} **** **** 4093")
    expect(arrival.main).not_to_contain_text(claim.instance)
    expect(arrival.main.get_by_role("link", name="注册观测云商业版")).to_have_attribute(
        "href", "/register/commercial/basic"
    )
    arrival.main.get_by_role("link", name="登录控制台，绑定工作空间").click()
    SignInScreen(arrival.page).sign_in(here.owner.person)
    arrival.stands_at("/marketplace/aliyun")
    expect(arrival.main).to_contain_text(here.owner.person.name)
    arrival.main.get_by_role("link", name="用于当前工作空间").click()
    methods, cloud = SettlementDialog(arrival.page), CloudDialog(arrival.page)
    expect(methods.dialog).to_be_visible()
    # The link is spent, and says so; what it proved before stays until it is used.
    other = ArrivalScreen(arrival.page.context.new_page()).follow(address)
    expect(other.main).to_contain_text(message("marketplace_sso.problem.used"))
    methods.radio(CLOUDS, METHOD).click()
    methods.act(message("settlement.confirm_provider", method=METHOD)).click()
    expect(cloud.box("account")).to_have_value(claim.account)
    expect(cloud.box("instance")).to_have_value(claim.instance)
    cloud.primary.click()
    expect(cloud.dialog).to_be_hidden()
    expect(methods.pending).to_contain_text(f"{METHOD} {mask(claim.account)}")
    other.open()
    expect(other.main).to_contain_text(message("marketplace_sso.nothing_title"))


def test_what_is_not_wanted_is_forgotten(page: Page, people: People, portal: PortalServer) -> None:
    arrival = ArrivalScreen(page).follow(link(people, portal.base, sell(people, portal.base)))
    arrival.button("暂不绑定").click()
    expect(arrival.main).to_contain_text(message("marketplace_sso.nothing_title"))


def test_a_forged_link_and_an_ended_subscription_say_what_to_do(
    page: Page, people: People, portal: PortalServer
) -> None:
    claim = sell(people, portal.base)
    arrival, address = ArrivalScreen(page), link(people, portal.base, claim)
    arrival.follow(address[:-1] + ("0" if address[-1] != "0" else "1"))
    expect(arrival.main).to_contain_text(message("marketplace_sso.problem.invalid"))
    tell(people, portal.base, "releaseInstance", instanceId=claim.instance)
    arrival.follow(address)
    expect(arrival.main).to_contain_text(message("marketplace_sso.problem.ended"))
    expect(arrival.main.get_by_role("link", name="前往云市场")).to_be_visible()


def test_a_stale_link_and_one_for_an_unknown_instance_say_what_to_do(
    page: Page, people: People, portal: PortalServer
) -> None:
    claim = sell(people, portal.base)
    arrival = ArrivalScreen(page).follow(link(people, portal.base, claim, age=timedelta(minutes=3)))
    expect(arrival.main).to_contain_text(message("marketplace_sso.problem.stale"))
    arrival.follow(link(people, portal.base, CloudClaim(account=claim.account, instance="f" * 32)))
    expect(arrival.main).to_contain_text(message("marketplace_sso.problem.unknown"))
    expect(arrival.main.get_by_role("link", name="前往云市场")).to_be_visible()
    # Neither proved anything.
    arrival.open()
    expect(arrival.main).to_contain_text(message("marketplace_sso.nothing_title"))


def test_a_free_workspace_is_sent_to_the_upgrade(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    arrival = ArrivalScreen(new_page(owner_of(people, "云帆-体验")))
    arrival.follow(link(people, portal.base, sell(people, portal.base)))
    expect(arrival.main).to_contain_text(message("marketplace_sso.not_here", name="云帆-体验"))
    expect(arrival.main).to_contain_text(message("marketplace_sso.upgrade_first"))
    expect(arrival.main.get_by_role("link", name="用于当前工作空间")).to_have_count(0)
    expect(arrival.main.get_by_role("link", name="升级到商业版")).to_have_attribute("href", "/workspace/upgrade")


@pytest.mark.parametrize(
    ("site", "why"),
    [
        ("us1", message("marketplace_sso.other_currency", theirs="CNY", ours="USD")),
        ("cn2", message("settlement.remedy.account_manager")),
    ],
)
def test_a_workspace_that_it_cannot_settle_is_told_so(
    new_page: Callable[..., Page], people: People, portal: PortalServer, site: str, why: str
) -> None:
    arrival = ArrivalScreen(new_page(company(people, site=site).owner))
    arrival.follow(link(people, portal.base, sell(people, portal.base)))
    expect(arrival.main).to_contain_text(why)
    expect(arrival.main.get_by_role("link", name="用于当前工作空间")).to_have_count(0)


def test_a_member_is_told_that_the_owner_decides_and_which_workspaces_are_theirs(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    here, own = company(people), company(people)
    join(people, own.owner, here.owner, Role.ADMIN)
    session = people.sign_in(here.owner.person)
    people.do(lambda services: look_at(services, session, own.workspace_id))
    arrival = ArrivalScreen(new_page(session))
    arrival.follow(link(people, portal.base, sell(people, portal.base)))
    expect(arrival.main).to_contain_text(message("settlement.reason.not_permitted"))
    expect(arrival.main).to_contain_text(message("marketplace_sso.others", names="云帆-生产环境"))


async def look_at(services: Services, session: Session, workspace_id: str) -> None:
    """Let the session look at another workspace."""
    await services.workspaces.choose(await actor(services, session), workspace_id)


def test_an_open_dialog_follows_the_end_and_the_renewal_of_a_subscription(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    claim, here = sell(people, portal.base), company(people)
    register(people, here.payer, claim)
    dialog = SettlementDialog(new_page(here.owner)).open().open_here()
    expect(dialog.dialog).to_contain_text("4093")
    expect(dialog.dialog).not_to_contain_text(ENDED)
    tell(people, portal.base, "expiredInstance", instanceId=claim.instance)
    expect(dialog.dialog).to_contain_text(ENDED)
    tell(people, portal.base, "renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    expect(dialog.dialog).not_to_contain_text(ENDED)


def test_an_operator_sees_what_came_of_a_notice_and_replays_it(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    claim = sell(people, portal.base)
    tell(people, portal.base, "upgradeInstance", instanceId="f" * 32, skuId="large")
    screen = OperatorScreen(new_page(people.sign_in(people.operator()))).open()
    screen.page.get_by_role("link", name="云市场", exact=True).click()
    screen.stands_at("/operator/marketplaces")
    notices = screen.main.locator(".gc-audit > li")
    screen.field("处理结果").select_option(label="已拒绝")
    screen.button("查找").click()
    expect(notices.first).to_contain_text(message("notice_detail.unknown_instance"))
    expect(notices.first).to_contain_text("变更规格")
    notices.first.get_by_role("button", name="重放").click()
    expect(screen.notice).to_contain_text("已重放，结果：已拒绝")
    screen.main.get_by_role("link", name="订阅", exact=True).click()
    screen.field("完整的云账号、实例、订单或通知 ID").fill(claim.instance)
    screen.button("查找").click()
    row = screen.main.get_by_role("table", name="订阅").locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(claim.account)
    expect(row).to_contain_text("有效")
    audit = AuditScreen(screen.page).open()
    expect(audit.entries.filter(has_text="重放了云市场通知").first).to_be_visible()


def test_an_operator_sees_why_a_genuine_call_could_not_be_read(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    said = {"aliUid": "1827000000004093", "orderBizId": "biz-unread", "productCode": "x", "userPassword": "hunter2"}
    tell(people, portal.base, "createInstance", **said, expiredOn="31.12.2026")
    screen = OperatorScreen(new_page(people.sign_in(people.operator()))).open()
    screen.page.goto("/operator/marketplaces?outcome=failed")
    runs(screen.page)
    notice = screen.main.locator(".gc-audit > li").filter(has_text="expiredOn").first
    expect(notice).to_contain_text(message("notice_detail.malformed"))
    expect(notice).to_contain_text("参数：expiredOn")
    notice.locator("summary").click()
    expect(notice).to_contain_text("31.12.2026")
    expect(notice).not_to_contain_text("hunter2")
    notice.get_by_role("button", name="重放").click()
    expect(screen.notice).to_contain_text("已重放，结果：处理失败")


def test_only_operators_reach_the_page(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(people.sign_in(people.payer()))
    page.goto("/operator/marketplaces")
    OperatorScreen(page).stands_at("/operator/login")
