"""A password forgotten, and a password changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from guance_portal.accounts.errors import WRONG_LOGIN
from guance_portal.core.actor import Realm
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.passwords import ForgotScreen, ResetScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.mailbox import Mailbox
from tests.support.people import NEW_PASSWORD, People
from tests.support.portal_server import PortalServer

CUSTOMERS = (Realm.CONSOLE, Realm.FEE_CENTER)


@pytest.mark.parametrize("realm", CUSTOMERS)
def test_a_forgotten_password_is_set_again_by_the_link_of_the_mail(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox, realm: Realm
) -> None:
    person = people.any(realm)
    elsewhere = AccountScreen(new_page(people.sign_in(person)), realm).open()
    elsewhere.shows(person)
    page = new_page()
    sign_in = SignInScreen(page, realm).open()
    sign_in.main.get_by_role("link", name="忘记密码？").click()
    forgot = ForgotScreen(page, realm)
    forgot.stands_at(forgot.path)
    forgot.ask(person)
    expect(forgot.answer).to_be_visible()

    reset = ResetScreen(page)
    reset.follow(mailbox.link_for(person.email))
    reset.save(NEW_PASSWORD)
    expect(reset.title).to_have_text(message("reset.done_title"))
    reset.main.get_by_role("link", name="登录", exact=True).click()
    sign_in.stands_at(sign_in.path)
    sign_in.sign_in(person)
    expect(sign_in.summary).to_contain_text(message(WRONG_LOGIN[realm].code))
    sign_in.sign_in(person, password=NEW_PASSWORD)
    AccountScreen(page, realm).greets(person)
    elsewhere.button("结束其他全部登录").click()
    elsewhere.stands_at(sign_in.path)


@pytest.mark.parametrize(("realm", "problem"), [(CUSTOMERS[0], "email_invalid"), (CUSTOMERS[1], "username_space")])
def test_what_can_be_nobodys_login_is_refused_and_no_letter_promised(page: Page, realm: Realm, problem: str) -> None:
    forgot = ForgotScreen(page, realm).open()
    login = forgot.field("邮箱" if realm is Realm.CONSOLE else "费用中心用户名或邮箱")
    login.fill("yun fan")
    forgot.button("发送重置链接").click()
    expect(forgot.summary).to_contain_text(message(f"errors.{problem}"))
    expect(login).to_have_attribute("aria-invalid", "true")
    expect(login).to_have_value("yun fan")
    expect(forgot.answer).to_have_count(0)


def test_a_link_works_once_and_a_newer_one_replaces_it(page: Page, people: People, mailbox: Mailbox) -> None:
    person = people.user()
    forgot = ForgotScreen(page).open()
    links: list[str] = []
    for count in (1, 2):
        forgot.ask(person)
        links.append(mailbox.link_for(person.email, count))
    reset = ResetScreen(page)
    reset.follow(links[0])
    expect(reset.dead_link).to_be_visible()
    page.goto("/")
    reset.follow(links[1])
    expect(reset.password).to_be_visible()
    expect(reset.dead_link).to_have_count(0)
    reset.save(NEW_PASSWORD)
    expect(reset.title).to_have_text(message("reset.done_title"))
    page.goto("/")
    reset.follow(links[1])
    expect(reset.dead_link).to_be_visible()
    reset.save("another quiet lantern over rivers")
    expect(reset.dead_link).to_be_visible()
    expect(reset.title).to_have_text(message("reset.title"))


def test_the_token_of_a_link_is_in_no_request_and_no_log(
    page: Page, people: People, mailbox: Mailbox, portal: PortalServer
) -> None:
    person = people.user()
    addresses: list[str] = []
    frames: list[str] = []

    def note(request: Request) -> None:
        addresses.append(f"{request.url} {request.headers.get('referer', '')}")

    def note_events(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))

    ForgotScreen(page).open().ask(person)
    link = mailbox.link_for(person.email)
    token = link.partition("#")[2]
    assert re.fullmatch(r"[\w-]{20,}", token)
    page.on("request", note)
    page.on("websocket", note_events)
    reset = ResetScreen(page)
    reset.follow(link)
    expect(page).to_have_url(link.partition("#")[0])
    page.reload()
    reset.save(NEW_PASSWORD)
    expect(reset.title).to_have_text(message("reset.done_title"))
    reset.main.get_by_role("link", name="登录", exact=True).click()
    SignInScreen(page).stands_at("/login")
    assert addresses
    assert not [address for address in addresses if token in address]
    assert [frame for frame in frames if token in frame]
    assert not [frame for frame in frames if f"#{token}" in frame]
    assert token not in portal.log()
    assert NEW_PASSWORD not in portal.log()


def test_an_unknown_login_is_answered_as_a_known_one_but_gets_no_mail(
    page: Page, people: People, mailbox: Mailbox
) -> None:
    person = people.user()
    forgot = ForgotScreen(page).open()
    forgot.field("邮箱").fill("nobody-at-all@yunfan.example")
    forgot.button("发送重置链接").click()
    expect(forgot.answer).to_be_visible()
    unknown = forgot.main.inner_text()
    forgot.open().ask(person)
    expect(forgot.answer).to_be_visible()
    mailbox.wait_for(person.email)
    assert forgot.main.inner_text() == unknown
    assert not mailbox.to("nobody-at-all@yunfan.example")


def test_the_meter_rates_what_is_typed_and_weak_passwords_are_refused(
    page: Page, people: People, mailbox: Mailbox
) -> None:
    person = people.user()
    ForgotScreen(page).open().ask(person)
    reset = ResetScreen(page)
    reset.follow(mailbox.link_for(person.email))
    reset.password.fill("password1")
    expect(reset.strength).to_have_text("强度：很弱")
    reset.button("保存新密码").click()
    expect(reset.summary).to_contain_text(message("errors.password_weak"))
    reset.save("short")
    expect(reset.summary).to_contain_text(message("errors.password_too_short", shortest=8))
    reset.save(f"{person.name} quiet lantern")
    expect(reset.summary).to_contain_text(message("errors.password_has_name"))
    reset.password.fill(NEW_PASSWORD)
    expect(reset.strength).to_have_text("强度：很强")
    expect(reset.dead_link).to_have_count(0)


def test_a_password_can_be_shown_and_hidden(page: Page) -> None:
    sign_in = SignInScreen(page).open()
    sign_in.password.fill(NEW_PASSWORD)
    expect(sign_in.password).to_have_attribute("type", "password")
    sign_in.button("显示密码").click()
    expect(sign_in.password).to_have_attribute("type", "text")
    expect(sign_in.password).to_have_value(NEW_PASSWORD)
    sign_in.button("隐藏密码").click()
    expect(sign_in.password).to_have_attribute("type", "password")


@pytest.mark.parametrize("realm", list(Realm))
def test_changing_the_password_ends_the_other_browsers_and_keeps_this_one(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox, realm: Realm
) -> None:
    person = people.any(realm)
    here, there = (AccountScreen(new_page(people.sign_in(person)), realm) for _ in range(2))
    there.open().shows(person)
    here.open()
    expect(here.devices).to_have_count(2)
    here.change_password("not my password", NEW_PASSWORD)
    expect(here.summary).to_contain_text(message("errors.wrong_password"))
    here.change_password(person.password, person.password)
    expect(here.summary).to_contain_text(message("errors.same_password"))
    here.change_password(person.password, NEW_PASSWORD)
    expect(here.notice).to_contain_text(message("security.changed"))
    expect(here.field("新密码")).to_have_value("")
    expect(here.devices).to_have_count(1)
    there.button("结束其他全部登录").click()
    there.stands_at(SignInScreen(there.page, realm).path)
    assert "密码" in str(mailbox.wait_for(person.email)["Subject"])
    here.page.reload()
    here.shows(person)
