"""What the dialogs of cloud accounts say when something comes between: pending, cancelled, changed elsewhere, waited long."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.ids import new_id
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.payers.rules import SettlementMethod, SubscriptionState
from guance_portal.settlement import standing
from guance_portal.settlement.calendar import month_of, next_month
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.switching import ChangeOrder, ChangeReceipt
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Currency, Provider
from tests.e2e.screens.cloud import CloudDialog, Market
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.e2e.test_cloud_dialogs import CLOUDS, name_of, nowhere
from tests.support.companies import actor
from tests.support.databases import fresh_postgresql, withheld
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import Company, company


def bought(people: People, account: str, state: SubscriptionState) -> str:
    """The instance of what an account of Alibaba Cloud ordered."""

    async def order(services: Services) -> str:
        listing = services.marketplaces.listings.of(Provider.ALIYUN, Currency.CNY)
        assert listing
        purchase = Purchase(listing=listing, account=account, reference=new_id("ordr"), state=state)
        await services.marketplaces.subscriptions.record_purchase(purchase)
        (found,) = await services.marketplaces.subscriptions.of_account(listing, account)
        return found.instance

    return people.do(order)


def test_a_subscription_that_has_not_begun_yet_is_to_be_verified_later(
    new_page: Callable[..., Page], people: People
) -> None:
    account = "1000000000000009"
    instance = bought(people, account, SubscriptionState.PENDING)
    cloud = CloudDialog(new_page(company(people).owner))
    cloud.page.goto(f"{routes.BILLING}?cloud=aliyun")
    runs(cloud.page)
    cloud.type(account, instance)
    cloud.fails(message("errors.subscription_pending", instance=instance))
    expect(cloud.failure.get_by_role("listitem").first).to_have_text(message("cloud.causes.subscription_pending.a"))


def waiting(new_page: Callable[..., Page], here: Company) -> tuple[CloudDialog, Market, str]:
    """The payer waits in the dialog of AWS for an account that has come in."""
    methods = SettlementDialog(new_page(here.payer))
    methods.page.goto(routes.FEE_WORKSPACES)
    runs(methods.page)
    methods.button("更改结算方式").click()
    # A company that has an account of AWS already sees two cards of that name.
    methods.dialog.locator(f"[name=method][value='provider:{Provider.AWS}']").click()
    methods.act(message("settlement.confirm_provider", method=name_of(Provider.AWS))).click()
    cloud = CloudDialog(methods.page)
    market = cloud.at_market()
    account = market.subscribe(Provider.AWS)
    market.set_up(account, nowhere)
    expect(cloud.dialog).to_contain_text(message("cloud.aws.received"))
    return cloud, market, account


def test_an_account_that_is_cancelled_before_it_is_confirmed_is_waited_for_again(
    new_page: Callable[..., Page], people: People
) -> None:
    here = company(people, site="cn2")
    cloud, market, account = waiting(new_page, here)
    market.page.goto(routes.sandbox_market("aws", "cn"))
    runs(market.page)
    market.cancel(account)
    # Nobody touches the dialog: it is told.
    expect(cloud.dialog).not_to_contain_text(message("cloud.aws.received"))
    expect(cloud.primary).to_be_disabled()
    expect(cloud.dialog.get_by_role("timer")).to_be_visible()


def test_a_page_of_the_account_follows_the_cancellation_at_aws(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, site="cn2")
    cloud, market, account = waiting(new_page, here)
    shown = cloud.received()
    cloud.primary.click()
    expect(cloud.dialog).to_be_hidden()
    accounts = new_page(here.payer)
    accounts.goto(routes.FEE_ACCOUNT)
    runs(accounts)
    row = accounts.get_by_role("table", name="云账号").get_by_role("row").filter(has_text=shown)
    expect(row).to_contain_text("可用")
    methods = SettlementDialog(new_page(here.owner)).open("?dialog=settlement")
    market.page.goto(routes.sandbox_market("aws", "cn"))
    runs(market.page)
    market.cancel(account)
    expect(row).to_contain_text("已关闭")
    expect(methods.dialog).to_contain_text(message("settlement.reason.account_closed"))


def test_a_change_that_waits_already_is_not_overtaken(new_page: Callable[..., Page], people: People) -> None:
    here = company(people, site="cn2", accounts=(Provider.AWS,))
    cloud, _, _ = waiting(new_page, here)

    async def change(services: Services) -> ChangeReceipt:
        owner = await actor(services, here.owner)
        order = ChangeOrder(actor=owner, workspace_id=here.workspace_id, choice=here.choices[0])
        return await services.settlement.switching.change(order)

    people.do(change)
    cloud.primary.click()
    expect(cloud.failure).to_contain_text(message("errors.settlement_change_pending"))
    expect(cloud.failure).to_contain_text(message("cloud.unchanged.workspace"))


def test_a_month_that_was_used_meanwhile_says_from_when_it_can_be_changed(
    new_page: Callable[..., Page], people: People
) -> None:
    here = company(people, site="cn2")
    cloud, _, _ = waiting(new_page, here)

    async def use(services: Services) -> str:
        """The first choice and the one of this month, both made and taken back since."""
        async with services.database.writing() as work:
            now = await standing.read(work, here.workspace_id, services.business_clock.now(), lock=True)
            for kind in (ChangeKind.FIRST, ChangeKind.MONTHLY):
                work.session.add(
                    SettlementChange(
                        id=new_id("chng"),
                        workspace_id=here.workspace_id,
                        fee_account_id=now.account.id,
                        from_method=SettlementMethod.ENTERPRISE,
                        to_method=SettlementMethod.ENTERPRISE,
                        kind=kind,
                        state=ChangeState.EFFECTIVE,
                        counted_month=month_of(now.today) if kind is ChangeKind.MONTHLY else None,
                        effective_day=now.today,
                        effective_at=now.now,
                        ordered_at=now.now,
                        ordered_by="test",
                    )
                )
            await work.commit()
        return next_month(now.today).isoformat()

    day = people.do(use)
    cloud.primary.click()
    expect(cloud.failure).to_contain_text(message("errors.settlement_month_used", date=day))


def test_anyone_who_waits_for_three_minutes_is_told_what_may_be_missing(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page(company(people, site="cn2").owner)
    page.clock.install()
    page.goto(f"{routes.BILLING}?cloud=aws")
    runs(page)
    cloud = CloudDialog(page)
    timer = cloud.dialog.get_by_role("timer")
    timer.evaluate("(timer) => { timer.isOld = true; }")
    cloud.at_market()
    # A page that loads draws its timer again as well: only what the click brings tells the two apart.
    expect(cloud.dialog).to_contain_text(message("cloud.aws.gone_lead"))
    expect(timer).not_to_have_js_property("isOld", True)  # starts over with each visit
    expect(cloud.dialog).not_to_contain_text(message("cloud.aws.late"))
    page.clock.fast_forward("03:05")
    expect(cloud.dialog).to_contain_text(message("cloud.aws.late"))
    expect(cloud.dialog).to_contain_text(message("cloud.aws.late_lead"))


def test_anyone_who_gets_no_answer_in_time_is_told_and_verifies_later_with_what_was_typed(
    new_page: Callable[..., Page],
) -> None:
    account = "1000000000000010"
    with (
        fresh_postgresql() as database,
        PortalServer.start(env={"PORTAL_DATABASE_URL": database, "PORTAL_SECRET_KEY": "k" * 40}) as portal,
        People(portal) as people,
    ):
        instance = bought(people, account, SubscriptionState.LIVE)
        cloud = CloudDialog(new_page(company(people).owner, base_url=portal.base))
        cloud.page.goto(f"{routes.BILLING}?cloud=aliyun")
        runs(cloud.page)
        cloud.type(account, instance)
        with withheld(database, "subscriptions"):
            cloud.fails(message("errors.marketplace_silent"))
        expect(cloud.failure.get_by_role("listitem").first).to_have_text(message("cloud.causes.marketplace_silent.a"))
        cloud.primary.click()
        expect(cloud.dialog).to_be_hidden()
        cloud.page.close()  # before its portal goes


def test_a_portal_without_listings_says_so_where_one_would_subscribe(browser: Browser) -> None:
    with PortalServer.start(env={"PORTAL_SANDBOX": "0"}) as portal, People(portal) as people:
        for provider, site in ((Provider.ALIYUN, "cn1"), (Provider.AWS, "cn2")):
            owner = company(people, site=site).owner
            context = browser.new_context(base_url=portal.base, locale="zh-CN")
            context.add_cookies(
                [{"name": name, "value": value, "url": portal.base} for name, value in owner.cookies.items()]
            )
            methods = SettlementDialog(context.new_page()).open("?dialog=settlement")
            option = methods.option(CLOUDS, name_of(provider))
            expect(option).to_contain_text(message("settlement.reason.not_configured"))
            expect(option.get_by_role("radio")).to_be_disabled()
            methods.page.goto(f"{routes.BILLING}?cloud={provider}")
            runs(methods.page)
            expect(methods.page.locator("dialog#cloud-dialog")).to_be_hidden()
            context.close()
