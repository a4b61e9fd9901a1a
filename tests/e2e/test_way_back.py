"""On phones the way back closes what lies over a page, and who is signed in finds their realm from anywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.core.actor import Realm
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.members import MembersScreen
from tests.e2e.screens.screen import Screen, message, runs
from tests.e2e.screens.settlement import SettlementDialog
from tests.support.people import People
from tests.support.settled_companies import company

PHONE = {"width": 390, "height": 844}
NOWHERE = {Realm.CONSOLE: "/workspace/nowhere", Realm.FEE_CENTER: "/fee-center/nowhere", Realm.OPERATOR: "/operator/x"}
HOMES = {Realm.CONSOLE: "/account", Realm.FEE_CENTER: "/fee-center", Realm.OPERATOR: "/operator"}
"""Of somebody without a workspace: the console leads them to their account."""


def arrive(page: Page, first: str, then: str) -> None:
    """Go to a page from another one of the portal."""
    page.goto(first)
    runs(page)
    page.goto(then)
    runs(page)


def test_back_closes_a_dialog_and_only_then_leaves_the_page(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(company(people).owner, viewport=PHONE)
    arrive(page, "/account", "/workspace/billing")
    dialog = SettlementDialog(page)
    for _ in range(2):
        dialog.open_here()
        page.go_back()
        expect(dialog.dialog).to_be_hidden()
        expect(page).to_have_url("/workspace/billing")
    dialog.open_here()
    expect(page).to_have_url("/workspace/billing?dialog=settlement")
    dialog.reload()
    expect(dialog.dialog).to_be_visible()
    dialog.act("关闭").click()
    expect(dialog.dialog).to_be_hidden()
    expect(page).to_have_url("/workspace/billing")
    page.go_back()
    expect(page).to_have_url("/account")


def test_back_closes_a_dialog_that_no_address_names(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(company(people).owner, viewport=PHONE)
    arrive(page, "/account", "/workspace/members")
    members = MembersScreen(page)
    for close in ("back", "Escape"):
        members.button("邀请成员").click()
        expect(members.dialog).to_be_visible()
        if close == "back":
            page.go_back()
        else:
            page.keyboard.press(close)
        expect(members.dialog).to_have_count(0)
        expect(page).to_have_url("/workspace/members")
    page.go_back()
    expect(page).to_have_url("/account")


def test_back_closes_the_drawer(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(company(people).owner, viewport=PHONE)
    arrive(page, "/account", "/workspace/billing")
    drawer = page.get_by_role("menu", name=message("page.menu"))
    page.get_by_role("button", name=message("page.menu"), exact=True).click()
    expect(drawer).to_be_visible()
    page.go_back()
    expect(drawer).to_be_hidden()
    expect(page).to_have_url("/workspace/billing")
    page.get_by_role("button", name=message("page.menu"), exact=True).click()
    drawer.get_by_role("menuitem", name=message("members.title")).click()
    expect(page).to_have_url("/workspace/members")
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize("realm", list(Realm))
def test_who_is_signed_in_is_led_from_nowhere_to_their_own_realm(
    new_page: Callable[..., Page], people: People, console_guard: ConsoleGuard, realm: Realm
) -> None:
    console_guard.expect("404")
    page = new_page(people.sign_in(people.any(realm)))
    for address in (NOWHERE[realm], "/there-is-nothing-here"):
        page.goto(address)
        page.get_by_role("link", name=message(f"not_found.home_{realm}")).click()
        expect(page).to_have_url(HOMES[realm])


def test_the_landing_page_leads_on_who_is_signed_in(new_page: Callable[..., Page], people: People) -> None:
    landing = Screen(new_page(people.sign_in(people.user())))
    landing.page.goto("/")
    landing.main.get_by_role("link", name=message("landing.console")).click()
    expect(landing.page).to_have_url(HOMES[Realm.CONSOLE])
    visitor = Screen(new_page())
    visitor.page.goto("/")
    for name in ("register.go", "landing.sign_in"):
        expect(visitor.main.get_by_role("link", name=message(name), exact=True)).to_be_visible()
    expect(visitor.main.get_by_role("link", name=message("landing.console"))).to_have_count(0)
