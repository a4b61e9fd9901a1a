"""Interrupted at any step, sign-up goes on where it was; nobody skips a step, and nobody reaches another's draft."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.onboarding.drafts import SignUpForm
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import (
    BasicScreen,
    CompanyScreen,
    DoneScreen,
    FreeScreen,
    SettlementScreen,
    code_in,
    hold,
)
from tests.support.mailbox import Mailbox
from tests.support.newcomers import at_step_three, at_step_two, newcomer, outcome
from tests.support.people import People, Person
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket

_LONG = 30_000
_STEPS = (BasicScreen.path, CompanyScreen.path, SettlementScreen.path, DoneScreen.path)


@pytest.fixture
def mortal() -> Generator[PortalServer]:
    """A portal that this journey may kill."""
    with PortalServer.start() as server:
        yield server


def test_a_reload_keeps_everything_but_the_password(page: Page, mailbox: Mailbox) -> None:
    who = newcomer(site="cn2")
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.get_code(who.email)
    page.reload()
    basic.keeps(who)
    basic.password.fill(who.password)
    basic.box("code").fill(code_in(mailbox, who.email))
    basic.press("next")
    company = CompanyScreen(page)
    company.stands_at(company.path)
    company.describe()
    company.box("introduction").fill("做船帆，\n也做云。")
    company.box("uscc").fill("91350100M000100Y43")
    company.box("contact").focus()
    page.reload()
    company.keeps()
    expect(company.box("introduction")).to_have_value("做船帆，\n也做云。")
    expect(company.box("uscc")).to_have_value("91350100M000100Y43")


def draft(people: People, page: Page) -> SignUpForm:
    """What the database holds of what a browser typed."""
    cookie = next(one for one in page.context.cookies() if one.get("name") == "gc_draft")
    return people.do(lambda services: services.onboarding.drafts.load(digest(str(cookie.get("value"))))).form


def becomes(read: Callable[[], str], value: str) -> None:
    """Wait until this is kept, with the focus where it is."""
    deadline = time.monotonic() + 15
    while (found := read()) != value:
        assert time.monotonic() < deadline, f"{found!r} is kept instead of {value!r}"
        time.sleep(0.05)


@pytest.mark.parametrize("screen", [BasicScreen, FreeScreen])
def test_what_is_being_typed_at_step_one_is_kept(page: Page, people: People, screen: type[BasicScreen]) -> None:
    basic = screen(page).open()
    for name, typed in (("phone", "1380013"), ("email", "lin@yunfan.example"), ("username", "云帆_lin")):
        basic.box(name).press_sequentially(typed)
        becomes(lambda name=name: getattr(draft(people, page), name), typed)
        expect(basic.box(name)).to_be_focused()
        page.reload()
        expect(basic.box(name)).to_have_value(typed)
    basic.box("username").fill("云帆_xia")
    becomes(lambda: draft(people, page).username, "云帆_xia")
    basic.box("username").fill("云帆_lin")
    becomes(lambda: draft(people, page).username, "云帆_lin")
    assert draft(people, page).phone == "1380013"


def test_what_is_being_typed_at_step_two_is_kept(page: Page, people: People) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    for name in ("company_name", "introduction"):
        company.box(name).press_sequentially("Sails and clouds")
        becomes(lambda name=name: getattr(draft(people, page), name), "Sails and clouds")
        expect(company.box(name)).to_be_focused()
        page.reload()
        expect(company.box(name)).to_have_value("Sails and clouds")


def test_a_page_that_is_left_in_mid_word_keeps_the_word(page: Page, people: People) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    company.box("contact").fill("林知夏")
    company.box("introduction").press_sequentially("做船帆")
    page.reload()
    expect(company.box("contact")).to_have_value("林知夏")
    expect(company.box("introduction")).to_have_value("做船帆")


def test_what_is_typed_and_chosen_at_step_three_is_kept(page: Page, people: People) -> None:
    who = at_step_three(people, site="cn2")
    hold(page, who)
    settlement = SettlementScreen(page).open()
    settlement.shows()

    async def read(services: Services) -> str:
        session = await services.sessions.find(Realm.CONSOLE, digest(who.cookies["gc_console"]))
        chosen = await services.onboarding.settlement_drafts.kept(session.actor) if session else None
        return f"{chosen.name} {chosen.language} {chosen.method.value}" if chosen else ""

    settlement.choice("workspace_language").select_option("en")
    settlement.method("aws").check()
    expect(settlement.method("aws")).to_be_focused()
    settlement.box("workspace_name").fill("云帆-生产")
    becomes(lambda: people.do(read), "云帆-生产 en aws")
    expect(settlement.box("workspace_name")).to_be_focused()
    page.reload()
    expect(settlement.box("workspace_name")).to_have_value("云帆-生产")
    expect(settlement.choice("workspace_language")).to_have_value("en")
    expect(settlement.method("aws")).to_be_checked()
    settlement.method("enterprise").check()
    settlement.press("confirm")
    done = DoneScreen(page)
    done.stands_at(done.path)
    done.says("云帆-生产")


def test_what_a_dying_server_has_not_heard_is_said_again(
    new_page: Callable[..., Page], mortal: PortalServer, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)
    page = new_page(base_url=mortal.base)
    with page.expect_websocket() as opened:
        basic = BasicScreen(page).open()
    basic.choice("site").select_option("cn2")
    basic.box("phone").fill("1380013")
    with People(mortal) as people:
        becomes(lambda: draft(people, page).phone, "1380013")
        for worker in mortal.workers():
            os.kill(worker, signal.SIGSTOP)
        basic.box("username").fill("云帆")
        basic.choice("site").select_option("cn1")
        with opened.value.expect_event("framesent", lambda frame: "lin@" in str(frame)):
            basic.box("email").fill("lin@yunfan.example")
        mortal.restart(signal.SIGKILL)
        expect(basic.reconnect_bar).to_be_hidden(timeout=_LONG)
        becomes(lambda: draft(people, page).email, "lin@yunfan.example")
        becomes(lambda: draft(people, page).username, "云帆")
        becomes(lambda: draft(people, page).site, "cn1")
        assert draft(people, page).phone == "1380013"


def test_back_from_step_two_needs_neither_password_nor_code_again(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.describe()
    company.main.get_by_role("link", name="上一步").click()
    basic = BasicScreen(page)
    basic.stands_at(basic.path)
    expect(basic.box("username")).to_have_value(who.username)
    expect(basic.password).to_have_value("")
    basic.is_accepted()
    basic.press("next")
    company.stands_at(company.path)
    company.keeps()
    page.go_back()
    basic.stands_at(basic.path)
    basic.is_accepted()


def test_a_changed_address_takes_the_acceptance_of_step_one_back(page: Page, people: People) -> None:
    hold(page, at_step_two(people))
    basic = BasicScreen(page).open()
    basic.is_accepted()
    basic.box("email").fill(newcomer().email)
    basic.box("phone").focus()
    expect(basic.box("code")).not_to_have_accessible_description(message("sign_up.email_proven"))
    page.goto(CompanyScreen.path)
    basic.stands_at(basic.path)


def test_a_closed_browser_keeps_the_draft(new_page: Callable[..., Page], people: People) -> None:
    first = new_page()
    hold(first, at_step_two(people))
    CompanyScreen(first).open().describe()
    expect(CompanyScreen(first).box("contact")).to_have_value("林知夏")
    CompanyScreen(first).box("company_name").focus()
    first.reload()
    CompanyScreen(first).keeps()
    remembered = first.context.storage_state()
    first.close()
    CompanyScreen(new_page(storage_state=remembered)).open().keeps()


def test_three_kills_of_the_server_lose_nothing_and_make_one_account(
    new_page: Callable[..., Page], mortal: PortalServer, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)
    who, mailbox = newcomer(), Mailbox(mortal)
    page = new_page(base_url=mortal.base)
    basic = BasicScreen(page).open()

    def stands_in_a_fresh_page() -> None:
        fresh = page.context.new_page()
        BasicScreen(fresh).open().keeps(who)
        fresh.close()

    def kill() -> None:
        mortal.restart(signal.SIGKILL)
        expect(basic.reconnect_bar).to_be_hidden(timeout=_LONG)

    basic.describe(who)
    basic.box("username").focus()
    stands_in_a_fresh_page()
    kill()
    stands_in_a_fresh_page()
    expect(basic.password).to_have_value(who.password)
    basic.get_code(who.email)
    basic.box("code").fill(code_in(mailbox, who.email))
    basic.press("next")

    company = CompanyScreen(page)
    company.stands_at(company.path)
    company.complete()
    kill()
    company.press("register")

    settlement = SettlementScreen(page)
    settlement.shows()
    kill()
    settlement.press("confirm")
    done = DoneScreen(page)
    done.stands_at(done.path)
    done.says(who.username)
    with People(mortal) as people:
        assert outcome(people, who.email).counts == (1, 1, 1)


def test_a_browser_that_lost_its_cookies_is_told_so(
    new_page: Callable[..., Page], mortal: PortalServer, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)
    page = new_page(base_url=mortal.base)
    basic = BasicScreen(page).open()
    page.context.clear_cookies()
    mortal.restart(signal.SIGKILL)
    expect(basic.reconnect_bar).to_be_hidden(timeout=_LONG)
    basic.box("username").fill("yunfan")
    basic.box("phone").focus()
    expect(basic.notice).to_contain_text(message("errors.cookie_missing"))
    basic.press("next")
    expect(basic.summary).to_contain_text(message("errors.cookie_missing"))
    expect(basic.box("username")).to_have_value("yunfan")


@pytest.mark.parametrize("path", _STEPS[1:])
def test_a_browser_without_a_draft_begins_at_the_beginning(page: Page, path: str) -> None:
    page.goto(path)
    is_for_anybody = path == CompanyScreen.path
    BasicScreen(page).stands_at(BasicScreen.path if is_for_anybody else "/login")


@pytest.mark.parametrize("path", _STEPS)
def test_a_person_who_stopped_after_step_two_is_sent_to_step_three(page: Page, people: People, path: str) -> None:
    hold(page, at_step_three(people))
    page.goto(path)
    settlement = SettlementScreen(page)
    settlement.stands_at(SettlementScreen.path)
    settlement.shows()
    expect(settlement.notice).to_contain_text("" if path == settlement.path else message("sign_up.account_exists"))


def test_anyone_who_stopped_after_step_two_goes_on_in_another_browser(page: Page, people: People) -> None:
    who = at_step_three(people)
    person = Person(realm=Realm.CONSOLE, login=who.email, email=who.email, name=who.username, password=who.password)
    SignInScreen(page).open().sign_in(replace(person, site=who.site))
    settlement = SettlementScreen(page)
    settlement.shows()
    settlement.press("confirm")
    DoneScreen(page).stands_at(DoneScreen.path)
    page.goto(SettlementScreen.path)
    DoneScreen(page).stands_at(DoneScreen.path)
    assert outcome(people, who.email).counts == (1, 1, 1)


def test_a_draft_answers_to_its_own_cookie_alone(portal: PortalServer, people: People) -> None:
    who, stranger = at_step_two(people), newcomer()

    async def ask(cookies: dict[str, str], token: str = "") -> tuple[str, str]:
        async with RawSocket(portal.base, cookies=cookies, token=token) as socket:
            return json.dumps(await socket.boot(BasicScreen.path)), socket.token

    said, token = people.do(lambda _: ask(who.cookies))
    assert who.email in said
    for cookies in (stranger.cookies, {"gc_visitor": who.cookies["gc_visitor"]}, {}):
        said, _ = people.do(lambda _, cookies=cookies: ask(cookies, token))
        assert "sign_up_basic_state" in said
        assert who.email not in said
        assert who.username not in said
