"""A journey against two workers, each of which is killed under the open page in turn."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.databases import fresh_postgresql, fresh_redis
from tests.support.people import NEW_PASSWORD, People
from tests.support.portal_server import PortalServer

_LONG = 30_000


@pytest.fixture
def pair() -> Generator[PortalServer]:
    """A portal with two workers, PostgreSQL and Redis."""
    with fresh_postgresql() as database, fresh_redis() as redis:
        env = {
            "PORTAL_WORKERS": "2",
            "PORTAL_DATABASE_URL": database,
            "PORTAL_SECRET_KEY": "k" * 40,
            "REFLEX_REDIS_URL": redis,
        }
        with PortalServer.start(env=env) as server:
            server.wait_for_workers(2)
            yield server


def test_a_journey_goes_on_while_workers_are_killed_under_it(
    new_page: Callable[..., Page], pair: PortalServer, console_guard: ConsoleGuard
) -> None:
    for complaint in ("WebSocket connection to", "net::ERR_CONNECTION"):
        console_guard.expect(complaint)
    with People(pair) as people:
        person = people.user()
        page = new_page(base_url=pair.base)
        sign_in = SignInScreen(page).open()
        sign_in.fill(person)
        _replace_both(pair, page)
        expect(sign_in.login).to_have_value(person.login)
        sign_in.submit()
        account = AccountScreen(page)
        account.shows(person)
        account.field("当前密码").fill(person.password)
        account.field("新密码").fill(NEW_PASSWORD)
        _replace_both(pair, page)
        account.button("修改密码").click()
        expect(account.notice).to_contain_text(message("security.changed"), timeout=_LONG)
        account.shows(person)


def _replace_both(pair: PortalServer, page: Page) -> None:
    """Kill both workers, so that the page's own is among them; the page connects again by itself."""
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    with page.expect_websocket(timeout=_LONG):
        for old in pair.workers():
            pair.kill_worker(pair.workers().index(old))
            assert old not in pair.wait_for_workers(2, without=old)
    expect(SignInScreen(page).reconnect_bar).to_be_hidden(timeout=_LONG)
    assert not loads
