"""Signing in to console and fee centre, staying signed in, and leaving."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from guance_portal.accounts.errors import WRONG_LOGIN
from guance_portal.core.actor import Realm
from tests.e2e.conftest import hold
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.people import People
from tests.support.portal_server import PortalServer

CUSTOMERS = (Realm.CONSOLE, Realm.FEE_CENTER)


@pytest.mark.parametrize("realm", CUSTOMERS)
def test_the_right_password_leads_in_and_signing_out_leads_out(page: Page, people: People, realm: Realm) -> None:
    person = people.any(realm)
    SignInScreen(page, realm).open().sign_in(person)
    account = AccountScreen(page, realm)
    account.greets(person)
    account.sign_out()
    sign_in = SignInScreen(page, realm)
    sign_in.stands_at(sign_in.path)
    expect(sign_in.button("登录")).to_be_visible()
    page.goto(account.path)
    sign_in.stands_at(sign_in.path)


@pytest.mark.parametrize("realm", CUSTOMERS)
def test_a_wrong_password_and_an_unknown_login_are_told_the_same_and_keep_what_was_typed(
    page: Page, people: People, realm: Realm
) -> None:
    person = people.any(realm)
    sign_in = SignInScreen(page, realm).open()
    answers: list[str] = []
    for login in (person.login, "nobody@yunfan.example"):
        sign_in.fill(person, password="not this password")
        sign_in.login.fill(login)
        sign_in.submit()
        expect(sign_in.summary).to_contain_text(message(WRONG_LOGIN[realm].code))
        expect(sign_in.summary).to_be_focused()
        expect(sign_in.login).to_have_value(login)
        answers.append(sign_in.summary.inner_text())
    assert answers[0] == answers[1]


def test_empty_fields_are_named_and_the_summary_leads_to_them(page: Page) -> None:
    sign_in = SignInScreen(page).open()
    sign_in.submit()
    expect(sign_in.summary).to_contain_text("还有 2 处需要修改")
    expect(sign_in.summary).to_be_focused()
    expect(sign_in.password).to_have_attribute("aria-invalid", "true")
    expect(sign_in.password).to_have_accessible_description(message("sign_in.missing_password"))
    sign_in.summary.get_by_role("link", name="登录密码").click()
    expect(sign_in.password).to_be_focused()


def test_an_account_of_one_site_is_unknown_at_another(page: Page, people: People) -> None:
    person = people.user(site="cn2")
    sign_in = SignInScreen(page).open()
    sign_in.fill(person)
    sign_in.field("站点").select_option("us1")
    sign_in.submit()
    expect(sign_in.summary).to_contain_text(message("errors.wrong_login"))


@pytest.mark.parametrize("days", [None, 7])
def test_the_cookie_goes_with_the_browser_unless_it_was_asked_to_stay(
    page: Page, people: People, days: int | None
) -> None:
    person = people.user()
    SignInScreen(page).open().sign_in(person, keep=days is not None)
    AccountScreen(page).shows(person)
    [cookie] = [cookie for cookie in page.context.cookies() if cookie.get("name") == "gc_console"]
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Lax"
    expires = cookie.get("expires", 0.0)
    assert expires == (-1 if days is None else pytest.approx(time.time() + days * 86400, abs=120))


def test_a_new_token_is_given_at_each_sign_in(page: Page, people: People) -> None:
    person = people.user()
    tokens: set[str] = set()
    for _ in range(2):
        SignInScreen(page).open().sign_in(person)
        AccountScreen(page).shows(person)
        tokens |= {str(cookie.get("value")) for cookie in page.context.cookies() if cookie.get("name") == "gc_console"}
        page.context.clear_cookies(name="gc_console")
    assert len(tokens) == 2


def test_anyone_who_is_sent_to_sign_in_comes_back_to_where_they_were(page: Page, people: People) -> None:
    person = people.payer()
    page.goto("/fee-center/account")
    sign_in = SignInScreen(page, Realm.FEE_CENTER)
    sign_in.stands_at("/fee-center/login")
    expect(sign_in.main).to_contain_text(message("sign_in.needed"))
    sign_in.sign_in(person)
    AccountScreen(page, Realm.FEE_CENTER).shows(person)


@pytest.mark.parametrize("realm", CUSTOMERS)
def test_a_spent_ticket_leads_back_to_the_sign_in_of_its_realm_and_says_why(
    page: Page, people: People, realm: Realm
) -> None:
    person = people.any(realm)
    sign_in = SignInScreen(page, realm).open()
    page.route("**/session/open", _with_another_ticket)
    sign_in.sign_in(person)
    expect(sign_in.main).to_contain_text(message("errors.ticket_spent"))
    sign_in.stands_at(sign_in.path)
    page.unroute("**/session/open")
    sign_in.sign_in(person)
    AccountScreen(page, realm).greets(person)


def _with_another_ticket(route: Route) -> None:
    route.continue_(post_data=re.sub("ticket=[^&]*", "ticket=spent", route.request.post_data or ""))


@pytest.mark.parametrize("foreign", ["https://evil.example/", "//evil.example", "/\\evil.example", "/%2F/evil.example"])
def test_next_never_leads_to_another_host(page: Page, people: People, portal: PortalServer, foreign: str) -> None:
    person = people.user()
    SignInScreen(page).open(f"?next={foreign}").sign_in(person)
    expect(page).not_to_have_url(re.compile("/login"))
    assert page.url.startswith(portal.base)


def test_a_person_who_is_signed_in_already_goes_on_at_once(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    page = new_page(people.sign_in(person))
    page.goto("/login")
    AccountScreen(page).shows(person)


@pytest.mark.parametrize("realm", CUSTOMERS)
def test_a_tab_signed_out_elsewhere_is_sent_to_sign_in_at_its_next_act(
    new_page: Callable[..., Page], people: People, realm: Realm
) -> None:
    person = people.any(realm)
    first = new_page(people.sign_in(person))
    left, right = AccountScreen(first, realm), AccountScreen(first.context.new_page(), realm)
    left.open().shows(person)
    right.open().shows(person)
    left.sign_out()
    left.stands_at(SignInScreen(first, realm).path)
    right.button("结束其他全部登录").click()
    right.stands_at(SignInScreen(first, realm).path)
    expect(right.main).to_contain_text(message("sign_in.ended"))
    expect(right.main).not_to_contain_text(person.email)


@pytest.mark.parametrize("held", list(Realm))
def test_a_session_of_one_realm_is_worth_nothing_in_another(
    new_page: Callable[..., Page], people: People, held: Realm
) -> None:
    person = people.any(held)
    page = new_page(people.sign_in(person))
    AccountScreen(page, held).open().shows(person)
    for other in set(Realm) - {held}:
        page.goto(AccountScreen(page, other).path)
        SignInScreen(page, other).stands_at(SignInScreen(page, other).path)
        expect(page.get_by_text(person.email)).to_have_count(0)


def test_signing_out_of_one_realm_leaves_the_other_signed_in(new_page: Callable[..., Page], people: People) -> None:
    user, payer = people.user(), people.payer()
    page = new_page(people.sign_in(user))
    hold(page.context, people.sign_in(payer))
    AccountScreen(page).open().shows(user)
    AccountScreen(page).sign_out()
    SignInScreen(page).stands_at("/login")
    AccountScreen(page, Realm.FEE_CENTER).open().shows(payer)
