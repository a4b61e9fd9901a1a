"""The fee centre: the owner's SSO handoff and all that stops it, the password that opens the rest, the account itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from guance_portal.accounts.members import rules as members_rules
from guance_portal.accounts.rules import Role
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from tests import factories
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.fee_center import FeeAccountScreen, FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import code_in, other_than
from tests.support.axe import chinese_in, overflowing, violations
from tests.support.browsers import hold
from tests.support.companies import actor, member_of
from tests.support.mailbox import Mailbox, text_of
from tests.support.people import People
from tests.support.settled_companies import Company, company, open_paid

ENTER = "进入费用中心"


def hand_off(page: Page) -> FeeCenterScreen:
    """From the console into the fee centre."""
    BillingScreen(page).open().button(ENTER).click()
    return FeeCenterScreen(page)


def another(people: People, paid: Company) -> str:
    """A further workspace of the same owner and payer; returns the id."""
    owner, payer = paid.owner.person, paid.payer.person
    return people.do(lambda services: open_paid(services, owner.id, payer.id, site="cn1"))


def test_a_payer_of_many_workspaces_searches_them(new_page: Callable[..., Page], people: People) -> None:
    paid = company(people)
    others = [another(people, paid) for _ in range(6)]
    screen = FeeCenterScreen(new_page(paid.payer))
    screen.page.goto("/fee-center/workspaces")
    expect(screen.workspaces).to_have_count(7)
    box = screen.main.get_by_role("searchbox", name=message("fee_workspaces.search"))
    box.fill(others[3].upper())
    expect(screen.workspaces).to_have_count(1)
    expect(screen.workspaces).to_contain_text(others[3])
    expect(screen.main).to_contain_text(message("fee_workspaces.found", found=1, count=7))
    box.fill("没有这样的工作空间")
    expect(screen.main).to_contain_text(message("fee_workspaces.nothing"))
    box.fill("")
    expect(screen.workspaces).to_have_count(7)


def test_the_owner_enters_by_sso_handoff_and_sees_the_one_workspace_until_the_password_opens_the_rest(
    new_page: Callable[..., Page], people: People
) -> None:
    paid = company(people)
    other = another(people, paid)
    screen = hand_off(new_page(paid.owner))
    screen.stands_at("/fee-center")
    expect(screen.limited).to_be_visible()
    expect(screen.workspaces).to_have_count(1)
    expect(screen.main).not_to_contain_text(other)
    expect(screen.main).not_to_contain_text(paid.payer.person.email)
    assert violations(screen.page) == []
    screen.go("工作空间管理")
    expect(screen.workspaces).to_have_count(1)
    screen.go("账户管理")
    expect(screen.limited).to_be_visible()
    for hidden in ("更换邮箱", "编辑", "修改密码", "结束其他全部登录"):
        expect(screen.button(hidden)).to_have_count(0)
    expect(screen.main).not_to_contain_text(paid.payer.person.email)
    screen.enter_password("not this password")
    expect(screen.summary).to_contain_text(message("limited.wrong"))
    screen.enter_password(factories.PASSWORD)
    screen.stands_at("/fee-center/account")
    expect(screen.main).to_contain_text(paid.payer.person.email)
    expect(screen.limited).to_have_count(0)
    screen.go("工作空间管理")
    expect(screen.workspaces).to_have_count(2)


def test_anyone_who_is_in_the_whole_account_already_stays_there(new_page: Callable[..., Page], people: People) -> None:
    paid = company(people)
    another(people, paid)
    page = new_page(paid.owner)
    SignInScreen(page, Realm.FEE_CENTER).open().sign_in(paid.payer.person)
    FeeCenterScreen(page).stands_at("/fee-center")
    screen = hand_off(page)
    screen.stands_at("/fee-center")
    expect(screen.workspaces).to_have_count(2)
    expect(screen.limited).to_have_count(0)


def test_a_ticket_is_never_in_an_address_and_a_replay_is_refused_in_words(
    new_page: Callable[..., Page], people: People
) -> None:
    paid, posted, asked = company(people), list[str](), list[str]()
    page = new_page(paid.owner)
    page.on("request", lambda request: asked.append(request.url))
    page.route(
        "**/session/sso-handoff", lambda route: (posted.append(route.request.post_data or ""), route.continue_())
    )
    hand_off(page).stands_at("/fee-center")
    ticket = parse_qs(posted[0])["ticket"][0]
    assert not [url for url in asked if ticket in url]
    page.context.clear_cookies(name="gc_fee")
    post(page, ticket)
    login = SignInScreen(page, Realm.FEE_CENTER)
    login.stands_at(login.path)
    expect(login.main).to_contain_text(message("errors.sso_handoff_used"))
    expect(login.main.get_by_role("link", name="返回控制台")).to_be_visible()
    assert not [cookie for cookie in page.context.cookies() if cookie.get("name") == "gc_fee"]
    assert violations(page) == []


def test_an_altered_ticket_is_refused_in_words(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(company(people).owner)
    page.route("**/session/sso-handoff", lambda route: route.continue_(post_data=_altered(route)))
    hand_off(page)
    login = SignInScreen(page, Realm.FEE_CENTER)
    login.stands_at(login.path)
    expect(login.main).to_contain_text(message("errors.sso_handoff_invalid"))


def test_a_ticket_of_another_browser_is_refused(new_page: Callable[..., Page], people: People) -> None:
    paid = company(people)
    page, thief = new_page(paid.owner), new_page()
    caught: list[str] = []
    page.route("**/session/sso-handoff", lambda route: (caught.append(route.request.post_data or ""), route.abort()))
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/session/sso-handoff")):
        hand_off(page)
    SignInScreen(thief, Realm.FEE_CENTER).open()
    post(thief, parse_qs(caught[0])["ticket"][0])
    expect(SignInScreen(thief, Realm.FEE_CENTER).main).to_contain_text(message("errors.sso_handoff_invalid"))


def test_only_the_owner_finds_the_way_and_who_stops_being_it_is_refused(
    new_page: Callable[..., Page], people: People
) -> None:
    paid = company(people)
    admin = member_of(people, paid.owner, Role.ADMIN)
    theirs = BillingScreen(new_page(admin)).open()
    expect(theirs.payer).to_be_visible()
    expect(theirs.button(ENTER)).to_have_count(0)

    async def transfer(services: Services) -> None:
        key = members_rules.member_key(paid.workspace_id, admin.person.id)
        who = await actor(services, paid.owner)
        await services.members.transfer(who, key, factories.PASSWORD, factories.browser())

    page = new_page(paid.owner)
    page.route("**/session/sso-handoff", lambda route: (people.do(transfer), route.continue_()))
    hand_off(page)
    login = SignInScreen(page, Realm.FEE_CENTER)
    expect(login.main).to_contain_text(message("errors.sso_handoff_not_owner"))


def test_an_account_without_workspaces_is_told_how_they_come(new_page: Callable[..., Page], people: People) -> None:
    screen = FeeCenterScreen(new_page(people.sign_in(people.payer()))).open()
    expect(screen.main).to_contain_text(message("fee_workspaces.empty_title"))
    expect(screen.main).to_contain_text(message("clouds.empty_title"))


def test_the_company_is_given_with_the_checks_of_sign_up(new_page: Callable[..., Page], people: People) -> None:
    screen = FeeAccountScreen(new_page(people.sign_in(people.payer()))).open()
    screen.button("填写企业信息").click()
    screen.box("企业名称").fill("云帆控股有限公司")
    screen.press("保存")
    expect(screen.dialog.locator("[data-summary]")).to_contain_text(message("errors.industry_missing"))
    expect(screen.box("企业名称")).to_have_value("云帆控股有限公司")
    screen.choose("所属行业", 1)
    screen.choose("所属地区", 1)
    screen.box("联系人").fill("林知夏")
    screen.press("保存")
    expect(screen.notice).to_contain_text(message("fee_company.saved"))
    expect(screen.dialog).to_have_count(0)
    expect(screen.main.get_by_role("definition").filter(has_text="云帆控股有限公司")).to_be_visible()
    screen.button("编辑").click()
    expect(screen.box("联系人")).to_have_value("林知夏")


def test_the_email_is_changed_with_a_code_at_the_old_and_one_at_the_new_address(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    payer, new = people.payer(), f"finance-{secrets.token_hex(5)}@yunfan.example"
    screen = FeeAccountScreen(new_page(people.sign_in(payer))).open()
    screen.button("更换邮箱").click()
    screen.press("获取验证码")
    code = code_in(mailbox, payer.email)
    screen.box("原邮箱验证码").fill(other_than(code))
    screen.press("下一步")
    expect(screen.dialog.locator("[data-summary]")).to_contain_text(message("errors.code_wrong", left=4))
    screen.box("原邮箱验证码").fill(code)
    screen.press("下一步")
    screen.box("新邮箱").fill(payer.email)
    screen.press("获取验证码")
    expect(screen.dialog.locator("[data-summary]")).to_contain_text(message("errors.same_email"))
    screen.box("新邮箱").fill(new)
    screen.press("获取验证码")
    screen.box("新邮箱验证码").fill(code_in(mailbox, new))
    screen.press("确认更换")
    expect(screen.notice).to_contain_text(message("fee_email.changed", email=new))
    expect(screen.main.get_by_role("definition").filter(has_text=new)).to_be_visible()
    for email in (payer.email, new):
        assert new in text_of(mailbox.wait_for(email, 2))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_limited_view_fits_a_phone_in_both_languages_and_themes(
    new_page: Callable[..., Page], people: People, locale: str, scheme: str
) -> None:
    paid = company(people)
    page = new_page(viewport={"width": 390, "height": 844}, locale=locale, color_scheme=scheme)
    hold(page.context, paid.owner)
    page.goto(BillingScreen.path)
    runs(page)
    page.get_by_role("button", name=ENTER if locale == "zh-CN" else "Open Billing Center").click()
    expect(page.locator("main .gc-note.indigo")).to_be_visible()
    for path in ("/fee-center", "/fee-center/workspaces", "/fee-center/account"):
        page.goto(path)
        runs(page)
        expect(page.locator("main .gc-note.indigo")).to_be_visible()
        assert violations(page) == []
        assert overflowing(page) == []
        assert locale == "zh-CN" or chinese_in(page) == []


def post(page: Page, ticket: str) -> None:
    """Post a ticket again, as our own page does."""
    page.evaluate(
        """(ticket) => {
            const form = Object.assign(document.createElement("form"), { method: "post", action: "/session/sso-handoff" });
            form.append(Object.assign(document.createElement("input"), { name: "ticket", value: ticket }));
            document.body.append(form);
            form.submit();
        }""",
        ticket,
    )


def _altered(route: Route) -> str:
    ticket = parse_qs(route.request.post_data or "")["ticket"][0]
    head, claims, signature = ticket.split(".")
    return urlencode({"ticket": f"{head}.{claims[:-2]}{'AA' if claims[-2:] != 'AA' else 'BB'}.{signature}"})
