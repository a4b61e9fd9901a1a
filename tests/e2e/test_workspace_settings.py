"""空间设置: the name and language of a workspace, and its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Role
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.workspace_settings import SettingsScreen
from tests.support.axe import overflowing, violations
from tests.support.browsers import hold
from tests.support.companies import member_of, owner_of, send, token_of
from tests.support.mailbox import Mailbox, text_of
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company

NAME = "云帆-生产环境"


def test_name_and_language_are_changed_and_kept(new_page: Callable[..., Page], people: People) -> None:
    screen = SettingsScreen(new_page(owner_of(people))).open()
    expect(screen.name).to_have_value(NAME)
    screen.name.fill("云帆-预发环境")
    screen.language.select_option(label="English")
    screen.button("保存").click()
    expect(screen.notice).to_contain_text(message("settings.saved"))
    expect(screen.switcher).to_contain_text("云帆-预发环境")
    screen.open()
    expect(screen.name).to_have_value("云帆-预发环境")
    expect(screen.language).to_have_value("en")
    screen.name.fill(" ")
    screen.button("保存").click()
    expect(screen.summary).to_contain_text(message("errors.workspace_name_missing"))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.STANDARD, Role.READONLY])
def test_other_members_read_who_may_change_and_who_may_dissolve(
    new_page: Callable[..., Page], people: People, role: Role
) -> None:
    owner = owner_of(people)
    screen = SettingsScreen(new_page(member_of(people, owner, role))).open()
    expect(screen.main.get_by_text(message("settings.dissolve_owner", owner=owner.person.name))).to_be_visible()
    expect(screen.button("解散工作空间")).to_have_count(0)
    expect(screen.button("保存")).to_have_count(int(role is Role.ADMIN))
    reason = screen.main.get_by_text(message("settings.read_only", owner=owner.person.name))
    expect(reason).to_have_count(int(role is not Role.ADMIN))


def test_a_standard_member_learns_why_the_account_is_shown_and_finds_the_settings(
    new_page: Callable[..., Page], people: People
) -> None:
    owner = owner_of(people)
    screen = BillingScreen(new_page(member_of(people, owner, Role.STANDARD)))
    screen.page.goto(screen.path)
    screen.stands_at("/account")
    why = message("account.role", workspace=NAME, role=message("role.standard"), owner=owner.person.name)
    expect(screen.main.get_by_text(why)).to_be_visible()
    screen.page.locator(".gc-workspace").click()
    screen.page.get_by_role("link", name="空间设置").and_(screen.page.locator("#workspace-menu a")).click()
    screen.stands_at("/workspace/settings")


def test_a_workspace_is_dissolved_by_its_name_and_everybody_is_told(
    portal: PortalServer, new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    paid = company(people)
    member = member_of(people, paid.owner, Role.STANDARD)
    token = token_of(people, paid.owner)
    screen = SettingsScreen(new_page(paid.owner)).open()
    expect(screen.main.get_by_text(message("settings.effect.money"))).to_be_visible()
    screen.ask_to_dissolve("云帆")
    screen.confirm()
    expect(screen.summary).to_contain_text(message("errors.wrong_workspace_name"))
    screen.dialog.get_by_role("button", name="取消").click()
    expect(screen.dialog).to_have_count(0)
    assert send(portal, token, "logging", 'a message="1"') == 200
    screen.ask_to_dissolve(NAME)
    screen.dialog.get_by_role("button", name="解散工作空间", exact=True).dblclick()
    expect(screen.title).to_have_text(message("settings.gone", name=NAME))
    expect(screen.switcher).to_have_count(0)
    assert send(portal, token, "logging", 'a message="1"') == 403
    for email in (paid.owner.person.email, paid.payer.person.email, member.person.email):
        assert NAME in text_of(mailbox.wait_for(email))
    theirs = AccountScreen(new_page(member)).open()
    expect(theirs.main.get_by_text(message("account.no_workspace"))).to_be_visible()
    payer = FeeCenterScreen(new_page(paid.payer))
    payer.page.goto("/fee-center/workspaces")
    runs(payer.page)
    expect(payer.main.get_by_role("row").filter(has_text=NAME)).to_contain_text("解散")
    expect(payer.button("更改结算方式")).to_have_count(0)


def test_the_page_of_one_workspace_never_dissolves_another_that_a_second_tab_went_to(
    new_page: Callable[..., Page], people: People
) -> None:
    owner = owner_of(people)
    people.workspace(owner, NAME + "-2")
    page = new_page(owner)
    older = SettingsScreen(page).open()
    asked = SettingsScreen(page.context.new_page()).open()
    asked.ask_to_dissolve(NAME)
    newer = BillingScreen(page.context.new_page()).open()
    newer.switch_to(NAME + "-2")
    expect(newer.workspace).to_contain_text(NAME + "-2")
    older.button("解散工作空间").click()
    expect(older.page.get_by_role("alertdialog", name=message("shown.title"))).to_be_visible()
    asked.confirm()
    expect(asked.summary).to_contain_text(message("errors.workspace_switched"))
    newer.open()
    newer.workspace.click()
    expect(newer.page.locator("#workspace-menu").get_by_role("option")).to_have_count(2)


def test_a_second_tab_of_a_dissolved_workspace_says_so(new_page: Callable[..., Page], people: People) -> None:
    owner = owner_of(people)
    page = new_page(owner)
    newer = SettingsScreen(page.context.new_page()).open()
    older = SettingsScreen(page).open()
    newer.ask_to_dissolve(NAME)
    newer.confirm()
    expect(newer.title).to_have_text(message("settings.gone", name=NAME))
    older.name.fill("云帆-预发环境")
    older.button("保存").click()
    expect(older.page.get_by_role("alertdialog", name=message("shown.title"))).to_be_visible()
    older.open()
    older.stands_at("/account")
    expect(older.main.get_by_text(message("account.no_workspace"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_settings_fit_a_phone_in_both_languages_and_themes(
    new_page: Callable[..., Page], people: People, locale: str, scheme: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, locale=locale, color_scheme=scheme)
    hold(page.context, company(people).owner)
    page.goto("/workspace/settings")
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)
    assert violations(page) == []
    assert overflowing(page) == []
    page.get_by_role("button", name="解散工作空间").or_(page.get_by_role("button", name="Dissolve workspace")).click()
    expect(page.locator("dialog[open]")).to_be_visible()
    assert violations(page) == []
