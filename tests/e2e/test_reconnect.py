"""A server that dies under an open page: the page says so, keeps what was typed, and works again by itself."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.people import NEW_PASSWORD, People
from tests.support.portal_server import PortalServer

_LONG = 30_000


@pytest.fixture(scope="module")
def mortal() -> Generator[PortalServer]:
    """A portal that these journeys may kill."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="module")
def its_people(mortal: PortalServer) -> Generator[People]:
    """The people whom a journey needs there."""
    with People(mortal) as people:
        yield people


@pytest.fixture
def lost(console_guard: ConsoleGuard) -> None:
    """The browser itself complains of the connection it loses."""
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION_REFUSED"):
        console_guard.expect(complaint)


@pytest.mark.usefixtures("lost")
def test_a_sign_in_survives_a_killed_server_with_what_was_typed(
    new_page: Callable[..., Page], mortal: PortalServer, its_people: People
) -> None:
    person = its_people.user()
    page = new_page(base_url=mortal.base)
    sign_in = SignInScreen(page).open()
    sign_in.fill(person)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    mortal.stop(signal.SIGKILL)
    expect(sign_in.reconnect_bar).to_be_visible(timeout=_LONG)
    expect(sign_in.reconnect_bar).to_contain_text(message("connection.lost"))
    mortal.begin()
    expect(sign_in.reconnect_bar).to_be_hidden(timeout=_LONG)
    expect(sign_in.login).to_have_value(person.login)
    expect(sign_in.password).to_have_value(person.password)
    assert not loads
    sign_in.submit()
    AccountScreen(page).shows(person)


@pytest.mark.usefixtures("lost")
def test_an_account_page_works_again_without_a_reload_and_keeps_the_session(
    new_page: Callable[..., Page], mortal: PortalServer, its_people: People
) -> None:
    person = its_people.user()
    page = new_page(its_people.sign_in(person), base_url=mortal.base)
    account = AccountScreen(page).open()
    account.shows(person)
    account.field("当前密码").fill(person.password)
    account.field("新密码").fill(NEW_PASSWORD)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    mortal.stop(signal.SIGKILL)
    expect(account.reconnect_bar).to_be_visible(timeout=_LONG)
    mortal.begin()
    # It may have come back by itself in this very moment.
    page.evaluate("() => document.querySelector('.gc-reconnect button')?.click()")
    expect(account.reconnect_bar).to_be_hidden(timeout=_LONG)
    account.button("修改密码").click()
    expect(account.notice).to_contain_text(message("security.changed"))
    account.shows(person)
    assert not loads


@pytest.mark.usefixtures("lost")
def test_a_session_that_ended_while_the_server_was_away_leads_to_sign_in(
    new_page: Callable[..., Page], mortal: PortalServer, its_people: People
) -> None:
    person = its_people.user()
    session = its_people.sign_in(person)
    page = new_page(session, base_url=mortal.base)
    account = AccountScreen(page).open()
    account.shows(person)
    mortal.stop(signal.SIGKILL)
    expect(account.reconnect_bar).to_be_visible(timeout=_LONG)
    its_people.end(session)
    mortal.begin()
    account.stands_at("/login")
    expect(page.get_by_text(person.email)).to_have_count(0)
