"""升级 in the browser: by an account of one's own, one that is bound, or a new one; once, whatever happens."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Edition, Role
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.messages import Language
from guance_portal.onboarding.agreements import AgreementKind, current
from guance_portal.payers.rules import SettlementMethod
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import code_in, other_than
from tests.e2e.screens.upgrade import UpgradeDoneScreen, UpgradeScreen
from tests.support.agreements import AgreementLibrary
from tests.support.companies import member_of, owner_of
from tests.support.mailbox import Mailbox, text_of
from tests.support.newcomers import Newcomer, newcomer, outcome, owner_in, with_free_workspace
from tests.support.people import People, Person
from tests.support.portal_server import PortalServer
from tests.support.stalls import Stall

_LONG = 30_000


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    """Where the mortal portal stops in the middle of writing."""
    return Stall(tmp_path)


@pytest.fixture
def mortal(stall: Stall) -> Generator[PortalServer]:
    """A portal that this journey may kill."""
    with PortalServer.start(env=stall.env) as server:
        yield server


def edition(people: People, who: Newcomer) -> Edition:
    (workspace,) = outcome(people, who.email).workspaces
    return workspace.edition


def bound(mailbox: Mailbox, email: str) -> int:
    """How many emails told the address that a workspace was bound."""
    return sum(message("mail.fee_account_bound.title") in text_of(sent) for sent in mailbox.to(email))


def opened(mailbox: Mailbox, email: str) -> int:
    """How many 开通提醒 the address got."""
    return sum(str(sent["Subject"]) == message("mail.commercial_opened.subject") for sent in mailbox.to(email))


def is_upgraded(people: People, who: Newcomer, fee_username: str, page: Page) -> None:
    """Expect one upgrade, and its result on screen."""
    UpgradeDoneScreen(page).says(fee_username, who.email)
    assert edition(people, who) is Edition.COMMERCIAL
    assert list(outcome(people, who.email).methods) == [SettlementMethod.ENTERPRISE]


# --- the account of the sign-up ---


def test_an_owner_with_an_account_goes_straight_to_the_agreement(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    who = with_free_workspace(people)
    page = new_page(who)
    billing = BillingScreen(page).open()
    billing.main.get_by_role("link", name="升级", exact=True).click()
    screen = UpgradeScreen(page)
    expect(screen.title).to_have_text("套餐升级")
    expect(screen.effects).to_contain_text("不能退回体验版")
    screen.begin()
    agreement = screen.agreement.is_open()
    law = current(AgreementKind.COMMERCIAL)
    expect(agreement.box).to_have_accessible_description(
        message(
            "upgrade.agreement_about",
            title=law.title.zh,
            version=law.version,
            date=law.effective.isoformat(),
            minutes=law.minutes(Language.ZH),
        )
    )
    expect(agreement.box).to_contain_text(who.username)
    agreement.confirm()
    expect(agreement.summary).to_contain_text(message("errors.agreement_missing"))
    expect(agreement.summary).to_be_focused()
    screen.accept()
    is_upgraded(people, who, who.username, page)
    page.reload()
    UpgradeDoneScreen(page).says(who.username, who.email)
    UpgradeScreen(page).page.goto(UpgradeScreen.path)
    UpgradeDoneScreen(page).says(who.username, who.email)
    page.get_by_role("link", name="返回付费计划与账单").click()
    expect(billing.edition).to_have_text("商业版")
    mailbox.wait_for(who.email, 3)
    assert (opened(mailbox, who.email), bound(mailbox, who.email)) == (1, 1)


def test_a_declined_agreement_changes_nothing(new_page: Callable[..., Page], people: People) -> None:
    who = with_free_workspace(people)
    screen = UpgradeScreen(new_page(who)).open()
    screen.begin()
    screen.agreement.is_open().cancel()
    screen.agreement.is_closed()
    screen.begin()
    screen.agreement.is_open()
    screen.page.keyboard.press("Escape")
    screen.agreement.is_closed()
    screen.stands_at(UpgradeScreen.path)
    assert edition(people, who) is Edition.FREE
    assert outcome(people, who.email).methods == []


def test_a_newer_agreement_that_comes_into_force_meanwhile_is_read_and_accepted_again(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    library = AgreementLibrary(tmp_path)
    with PortalServer.start(env=library.env) as portal, People(portal) as people:
        who = with_free_workspace(people)
        screen = UpgradeScreen(new_page(who, base_url=portal.base)).open()
        screen.begin()
        agreement = screen.agreement.is_open()
        box = agreement.box.get_by_role("checkbox")
        box.check()
        library.renew(AgreementKind.COMMERCIAL, version="9.0", paragraph="9.9 新的一条。")
        agreement.confirm()
        expect(agreement.box).to_contain_text(message("upgrade.agreement_renewed"))
        expect(agreement.box).to_contain_text("9.9 新的一条。")
        expect(agreement.box).to_have_accessible_description(re.compile("版本 9.0 "))
        expect(agreement.box.get_by_role("region", name=message("upgrade.agreement_text"))).to_be_focused()
        expect(box).not_to_be_checked()
        assert edition(people, who) is Edition.FREE
        agreement.confirm()
        expect(agreement.summary).to_contain_text(message("errors.agreement_missing"))
        screen.accept()
        is_upgraded(people, who, who.username, screen.page)
        consents = outcome(people, who.email).consents
        assert [one.version for one in consents if one.agreement is AgreementKind.COMMERCIAL] == ["9.0"]
        screen.page.close()


def test_a_double_click_upgrades_once(new_page: Callable[..., Page], people: People, mailbox: Mailbox) -> None:
    who = with_free_workspace(people)
    screen = UpgradeScreen(new_page(who)).open("?dialog=agreement")
    screen.agreement.is_open().box.get_by_role("checkbox").check()
    screen.agreement.action.dblclick()
    is_upgraded(people, who, who.username, screen.page)
    mailbox.wait_for(who.email, 3)
    assert (opened(mailbox, who.email), bound(mailbox, who.email)) == (1, 1)


def test_a_second_tab_says_that_it_is_done_and_shows_the_result(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    who = with_free_workspace(people)
    first = UpgradeScreen(new_page(who)).open("?dialog=agreement")
    second = UpgradeScreen(first.page.context.new_page()).open("?dialog=agreement")
    third = UpgradeScreen(first.page.context.new_page()).open()
    second.agreement.is_open().box.get_by_role("checkbox").check()
    first.accept()
    is_upgraded(people, who, who.username, first.page)
    second.agreement.confirm()
    is_upgraded(people, who, who.username, second.page)
    expect(second.notice).to_contain_text(message("upgrade.done_elsewhere"))
    expect(third.main.get_by_text(message("upgrade.elsewhere"))).to_be_visible()
    third.main.get_by_role("link", name=message("upgrade.see_result")).click()
    UpgradeDoneScreen(third.page).says(who.username, who.email)
    mailbox.wait_for(who.email, 3)
    assert (opened(mailbox, who.email), bound(mailbox, who.email)) == (1, 1)


def test_a_tab_of_another_workspace_upgrades_nothing(new_page: Callable[..., Page], people: People) -> None:
    who = with_free_workspace(people)
    screen = UpgradeScreen(new_page(who)).open("?dialog=agreement")
    screen.agreement.is_open()

    async def switch(services: Services) -> None:
        owner = await owner_in(services, who)
        other = await services.workspaces.create(owner.session.actor, "云帆-另一个", Language.ZH)
        await services.workspaces.choose(owner.session.actor, other)

    people.do(switch)
    screen.accept()
    expect(screen.page.get_by_role("alertdialog", name=message("shown.title"))).to_be_visible()
    assert {one.edition for one in outcome(people, who.email).workspaces} == {Edition.FREE}


def test_administrators_are_told_who_the_owner_is(new_page: Callable[..., Page], people: People) -> None:
    owner = owner_of(people)
    screen = UpgradeScreen(new_page(member_of(people, owner, Role.ADMIN))).open("?dialog=agreement")
    expect(screen.main).to_contain_text(message("upgrade.ask_owner", owner=owner.person.name))
    expect(screen.action).to_have_count(0)
    screen.agreement.is_closed()


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
def test_other_members_see_no_prices_of_an_upgrade(new_page: Callable[..., Page], people: People, role: Role) -> None:
    screen = UpgradeScreen(new_page(member_of(people, owner_of(people), role))).open("?dialog=agreement")
    screen.stands_at("/account")


# --- 绑定费用中心账号 ---


def test_an_account_of_others_is_bound_by_the_code_from_its_mail(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    who, payer = with_free_workspace(people, opens_fee_account=False), people.payer()
    screen = UpgradeScreen(new_page(who)).open()
    screen.begin()
    binding = screen.binding.is_open()
    screen.stands_at(UpgradeScreen.path)
    binding.confirm()
    expect(binding.summary).to_contain_text(message("errors.fee_username_missing"))
    binding.field("upgrade.payer").fill("nobody_has_this")
    binding.get_code()
    expect(binding.field("upgrade.payer")).to_have_accessible_description(
        f"{message('errors.fee_username_unknown')} {message('upgrade.payer_help')}"
    )
    binding.field("upgrade.payer").fill(payer.name)
    binding.get_code()
    expect(binding.box).to_contain_text(message("upgrade.code_sent"))
    expect(binding.box).not_to_contain_text(payer.email)
    email = text_of(mailbox.wait_for(payer.email))
    assert who.username in email
    assert f"{who.username} 的工作空间" in email
    code = code_in(mailbox, payer.email)
    binding.field("sign_up.code").fill(other_than(code))
    binding.confirm()
    expect(binding.summary).to_contain_text(message("errors.code_wrong", left=4))
    binding.field("sign_up.code").fill(code)
    binding.confirm()
    screen.agreement.is_open().cancel()
    screen.agreement.is_closed()
    assert (edition(people, who), bound(mailbox, payer.email)) == (Edition.FREE, 0)
    screen.begin()
    expect(screen.agreement.is_open().box).to_contain_text(payer.name)
    screen.agreement.box.get_by_role("link", name=message("upgrade.other_payer")).click()
    expect(binding.field("upgrade.payer")).to_have_value(payer.name)
    screen.page.go_back()
    screen.agreement.is_open()
    screen.accept()
    is_upgraded(people, who, payer.name, screen.page)
    mailbox.wait_for(payer.email, 2)
    assert (opened(mailbox, who.email), bound(mailbox, payer.email)) == (1, 1)


def test_reload_and_back_keep_dialog_and_what_was_typed(new_page: Callable[..., Page], people: People) -> None:
    who = with_free_workspace(people, opens_fee_account=False)
    page = new_page(who)
    screen = UpgradeScreen(page).open()
    screen.begin()
    screen.binding.is_open().field("upgrade.payer").fill("yunfan_finance")
    screen.binding.box.get_by_role("link", name="注册新账号").click()
    opening = screen.opening.is_open()
    screen.binding.is_closed()
    expect(opening.field("sign_up.username")).to_have_value(who.username)
    opening.field("sign_up.company_name").fill("云帆科技")
    opening.field("sign_up.password").fill("violet kettle marches north")
    page.reload()
    opening.is_open()
    expect(opening.field("sign_up.company_name")).to_have_value("云帆科技")
    expect(opening.field("sign_up.password")).to_have_value("")
    page.go_back()
    expect(screen.binding.is_open().field("upgrade.payer")).to_have_value("yunfan_finance")
    page.go_back()
    screen.binding.is_closed()
    expect(screen.title).to_have_text("套餐升级")


# --- 注册新账号 ---


def test_a_new_account_is_registered_and_bound(new_page: Callable[..., Page], people: People, mailbox: Mailbox) -> None:
    who, rival = with_free_workspace(people, opens_fee_account=False), people.payer()
    screen = UpgradeScreen(new_page(who)).open("?dialog=register")
    opening = screen.opening.is_open()
    opening.field("sign_up.username").fill(rival.name)
    expect(opening.box.get_by_text(message("errors.username_taken"))).to_be_visible()
    opening.box.locator(".gc-suggestions").get_by_role("button").first.click()
    name = opening.field("sign_up.username")
    expect(name).not_to_have_value(rival.name)
    expect(opening.box.locator(".gc-message.good")).to_be_visible()
    chosen = name.input_value()
    opening.field("sign_up.password").fill("short")
    opening.field("sign_up.email").fill(email := newcomer().email)
    opening.get_code()
    expect(opening.box).to_contain_text(message("sign_up.code_sent", email=email))
    opening.field("sign_up.code").fill(code_in(mailbox, email))
    opening.confirm()
    expect(opening.summary).to_contain_text(message("errors.password_too_short", shortest=8))
    expect(opening.summary).to_contain_text(message("errors.company_name_missing"))
    opening.field("sign_up.password").fill(who.password)
    opening.field("sign_up.company_name").fill("杭州云帆科技有限公司")
    opening.confirm()
    expect(screen.agreement.is_open().box).to_contain_text(chosen)
    screen.accept()
    is_upgraded(people, who, chosen, screen.page)
    mailbox.wait_for(email, 2)
    assert (bound(mailbox, email), opened(mailbox, who.email)) == (1, 1)
    people.secrets.add(who.password)
    people.sign_in(Person(realm=Realm.FEE_CENTER, login=chosen, email=email, name=chosen, password=who.password))


def test_the_whole_way_on_a_phone_in_english(new_page: Callable[..., Page], people: People, mailbox: Mailbox) -> None:
    who, payer = with_free_workspace(people, opens_fee_account=False), people.payer()
    page = new_page(who, locale="en-US", viewport={"width": 390, "height": 844}, color_scheme="dark")
    screen = UpgradeScreen(page, english=True).open()
    screen.begin()
    binding = screen.binding.is_open()
    binding.field("upgrade.payer").fill(payer.name)
    binding.get_code()
    binding.field("sign_up.code").fill(code_in(mailbox, payer.email))
    binding.confirm()
    screen.accept()
    expect(screen.title).to_have_text("Upgraded")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert edition(people, who) is Edition.COMMERCIAL


# --- killed in the middle ---


def test_three_kills_in_the_middle_of_writing_leave_nothing_half_done(
    new_page: Callable[..., Page], mortal: PortalServer, stall: Stall, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)
    mailbox = Mailbox(mortal)
    with People(mortal) as people:
        who, payer = with_free_workspace(people, opens_fee_account=False), people.payer()
        screen = UpgradeScreen(new_page(who, base_url=mortal.base)).open("?dialog=bind")

        def killed_after(statement: str, act: Callable[[], None]) -> None:
            """The portal is killed while it holds an open transaction that has just done this."""
            stall.after(statement)
            act()
            stall.wait()
            mortal.restart(signal.SIGKILL)
            expect(screen.reconnect_bar).to_be_hidden(timeout=_LONG)

        binding = screen.binding.is_open()
        binding.field("upgrade.payer").fill(payer.name)
        binding.field("sign_up.code").focus()
        killed_after("INSERT INTO email_codes", binding.get_code)
        binding.is_open()
        expect(binding.field("upgrade.payer")).to_have_value(payer.name)
        assert mailbox.to(payer.email) == []
        binding.get_code()
        code = code_in(mailbox, payer.email)
        binding.field("sign_up.code").fill(code)
        killed_after("INSERT INTO audit_entries", binding.confirm)
        binding.is_open().field("sign_up.code").fill(code)
        binding.confirm()
        screen.agreement.is_open().box.get_by_role("checkbox").check()
        killed_after("INSERT INTO workspace_upgrades", screen.agreement.confirm)
        assert (edition(people, who), outcome(people, who.email).methods) == (Edition.FREE, [])
        page = screen.page
        page.goto(UpgradeScreen.path)
        screen.begin()
        screen.accept()
        is_upgraded(people, who, payer.name, page)
        mailbox.wait_for(payer.email, 2)
        assert (opened(mailbox, who.email), bound(mailbox, payer.email)) == (1, 1)
