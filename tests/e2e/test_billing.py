"""付费计划与账单: who sees it, and what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Role
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.companies import join, member_of, owner_of
from tests.support.newcomers import at_the_end
from tests.support.people import People


def test_signing_in_leads_to_plan_and_bills(page: Page, people: People) -> None:
    session = owner_of(people)
    screen = SignInScreen(page).open()
    screen.sign_in(session.person)
    screen.stands_at("/workspace/billing")
    expect(BillingScreen(page).edition).to_have_text("体验版")


def test_anyone_who_has_no_workspace_arrives_at_their_account(page: Page, people: People) -> None:
    screen = SignInScreen(page).open()
    screen.sign_in(people.user())
    screen.stands_at("/account")
    expect(BillingScreen(page).menu_entry).to_have_count(0)


@pytest.mark.parametrize("role", [Role.STANDARD, Role.READONLY])
def test_other_members_see_neither_page_nor_entry(new_page: Callable[..., Page], people: People, role: Role) -> None:
    billing = BillingScreen(new_page(member_of(people, owner_of(people), role))).open()
    billing.stands_at("/account")
    expect(billing.page.get_by_role("link", name="引导")).to_be_visible()
    expect(billing.menu_entry).to_have_count(0)


def test_an_administrator_sees_the_page(new_page: Callable[..., Page], people: People) -> None:
    billing = BillingScreen(new_page(member_of(people, owner_of(people), Role.ADMIN))).open()
    expect(billing.edition).to_have_text("体验版")
    expect(billing.menu_entry).to_have_attribute("aria-current", "true")


def test_a_commercial_workspace_shows_who_pays(new_page: Callable[..., Page], people: People) -> None:
    paying = at_the_end(people)
    billing = BillingScreen(new_page(paying)).open()
    expect(billing.edition).to_have_text("商业版")
    expect(billing.payer).to_contain_text("观测云企业账号")
    expect(billing.payer).to_contain_text(paying.username)


def test_switching_the_workspace_shows_the_other_or_leads_away(new_page: Callable[..., Page], people: People) -> None:
    mine, theirs = owner_of(people, "云帆-甲"), owner_of(people, "云帆-乙")
    join(people, theirs, mine, Role.STANDARD)
    people.workspace(mine, "云帆-丙")
    billing = BillingScreen(new_page(mine)).open()
    expect(billing.workspace).to_contain_text("云帆-甲")
    billing.switch_to("云帆-丙")
    expect(billing.workspace).to_contain_text("云帆-丙")
    billing.stands_at("/workspace/billing")
    billing.switch_to("云帆-乙")
    billing.stands_at("/account")
    expect(billing.workspace).to_contain_text("云帆-乙")
    expect(billing.menu_entry).to_have_count(0)
    billing.switch_to("云帆-甲")
    billing.stands_at("/workspace/billing")
    expect(billing.menu_entry).to_be_visible()
