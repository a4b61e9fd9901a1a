"""A line that dies without a word: a press is answered by a sign within 5 s, and done once, when the line is back."""

from __future__ import annotations

import re
import secrets
import signal
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from guance_portal.sites import Provider
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.members import MembersScreen
from tests.e2e.screens.screen import SOON, Screen, message, typed
from tests.e2e.screens.settlement import SettlementDialog
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import FreeScreen
from tests.support.broken_line import BrokenLine
from tests.support.companies import owner_of
from tests.support.mailbox import Mailbox
from tests.support.newcomers import newcomer
from tests.support.people import NEW_PASSWORD, People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company

BACK = 30_000
SIGN_SECONDS = 5
WAYS = [{}, {"downwards": False}, {"upwards": False}]
WAY_NAMES = ["both ways", "upwards", "downwards"]


@pytest.fixture
def line(portal: PortalServer, console_guard: ConsoleGuard) -> Generator[BrokenLine]:
    """The line to the shared portal; the browser itself complains of connections that it gives up."""
    for complaint in ("WebSocket connection to", "net::ERR_"):
        console_guard.expect(complaint)
    with BrokenLine.to(portal.port) as line:
        yield line


def is_said(screen: Screen) -> None:
    """Expect the sign that the connection is gone, in time."""
    expect(screen.reconnect_bar).to_contain_text(message("connection.lost"), timeout=SOON)


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_a_sign_in_pressed_on_a_dead_line_is_done_when_another_is_made(
    new_page: Callable[..., Page], people: People, line: BrokenLine, way: dict[str, bool]
) -> None:
    person = people.user()
    page = new_page(base_url=line.base)
    page.clock.install()
    sign_in = SignInScreen(page).open()
    sign_in.fill(person)
    expect(page.locator("[data-waiting]")).to_have_count(0)
    line.swallow(**way)
    sign_in.submit()
    # By the page's own clock, which stands still then: how busy the machine is makes no difference.
    page.clock.pause_at(page.evaluate("() => Date.now()") / 1000 + SIGN_SECONDS)
    is_said(sign_in)
    page.clock.resume()
    account = AccountScreen(page)
    expect(page.locator(".gc-avatar")).not_to_be_empty(timeout=BACK)
    account.open().shows(person)


def test_a_press_while_nothing_gets_through_is_done_when_the_line_heals(
    new_page: Callable[..., Page], people: People, line: BrokenLine
) -> None:
    person = people.user()
    page = new_page(base_url=line.base)
    sign_in = SignInScreen(page).open()
    sign_in.fill(person)
    line.deaden()
    sign_in.submit()
    is_said(sign_in)
    expect(sign_in.reconnect_bar).to_contain_text("第 2 次", timeout=BACK)
    line.heal()
    expect(page.locator(".gc-avatar")).not_to_be_empty(timeout=BACK)


def test_a_form_of_sign_up_is_kept_and_answered(
    new_page: Callable[..., Page], line: BrokenLine, mailbox: Mailbox
) -> None:
    who = newcomer()
    form = FreeScreen(new_page(base_url=line.base)).open()
    line.swallow()
    form.describe(who)
    form.send_code.click()
    is_said(form)
    expect(form.box("code")).to_have_accessible_description(message("sign_up.code_sent", email=who.email), timeout=BACK)
    expect(form.reconnect_bar).to_be_hidden()
    assert mailbox.wait_for(who.email, 1)
    line.swallow()
    form.press("register")
    is_said(form)
    expect(form.summary).to_contain_text(message("sign_up.code"), timeout=BACK)


def test_a_change_of_settlement_is_made_once(new_page: Callable[..., Page], people: People, line: BrokenLine) -> None:
    here = company(people, accounts=(Provider.ALIYUN,))
    dialog = SettlementDialog(new_page(here.owner, base_url=line.base)).open().open_here()
    line.swallow()
    dialog.act("使用此账号结算").click()
    is_said(dialog)
    expect(dialog.pending).to_be_visible(timeout=BACK)
    line.heal(held=True)
    dialog.act("撤回").click()
    expect(dialog.pending).to_have_count(0)


def test_a_dialog_asked_for_on_a_dead_line_opens(
    new_page: Callable[..., Page], people: People, line: BrokenLine
) -> None:
    dialog = SettlementDialog(new_page(company(people).owner, base_url=line.base)).open()
    expect(dialog.panel).to_contain_text("观测云企业账号")
    line.swallow()
    dialog.button("更改结算方式").click()
    is_said(dialog)
    expect(dialog.dialog).to_be_visible(timeout=BACK)


def test_what_is_pressed_again_and_delivered_late_is_done_once(
    new_page: Callable[..., Page], people: People, line: BrokenLine, mailbox: Mailbox
) -> None:
    """The old connection hands over what it held after the new one has done it."""
    owner, email = owner_of(people), f"chen-{secrets.token_hex(5)}@yunfan.example"
    screen = MembersScreen(new_page(owner, base_url=line.base)).open()
    screen.button("邀请成员").click()
    typed(screen.dialog, "邮箱").fill(email)
    line.deaden()
    send = screen.dialog.get_by_role("button", name="发送邀请")
    send.click()
    is_said(screen)
    send.click()
    line.heal(held=True)
    expect(screen.invitations).to_have_count(1, timeout=BACK)
    expect(screen.dialog).to_have_count(0)
    mailbox.wait_for(email, 1)
    expect(screen.notice).not_to_contain_text(re.compile("已邀请过|已有"))


def test_an_act_with_unknown_outcome_is_said_to_be_unsure(
    new_page: Callable[..., Page], console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_"):
        console_guard.expect(complaint)
    with PortalServer.start() as mortal, People(mortal) as its_people, BrokenLine.to(mortal.port) as line:
        person = its_people.user()
        page = new_page(its_people.sign_in(person), base_url=line.base)
        account = AccountScreen(page).open()
        account.shows(person)
        account.field("当前密码").fill(person.password)
        account.field("新密码").fill(NEW_PASSWORD)
        line.swallow(upwards=False)
        account.button("修改密码").click()
        mortal.stop(signal.SIGKILL)
        mortal.begin()
        expect(account.reconnect_bar).to_have_text(re.compile(re.escape(message("connection.unsure"))), timeout=BACK)
        page.get_by_role("button", name=message("connection.understood")).click()
        expect(account.reconnect_bar).to_be_hidden()
