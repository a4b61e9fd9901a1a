"""One portal and one browser for all journeys, and a guard: an error in the console fails the test it happened in."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from sqlalchemy import delete

from guance_portal.bootstrap import Services
from guance_portal.sandbox.tables import SandboxWhim
from tests.support.browsers import hold
from tests.support.databases import unavailable
from tests.support.mailbox import Mailbox
from tests.support.newcomers import Newcomer
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tools.browser import find

# A busy machine is slow, not wrong: what never comes fails all the same.
expect.set_options(timeout=30_000)

_QUIET_BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's Chromium."""
    path = find()
    if not path:
        unavailable("Chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": list(_QUIET_BROWSER)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], portal: PortalServer) -> dict[str, Any]:
    """Chinese, and without motion, so that nothing is seen half-way, unless a test says otherwise.

    Addresses are relative to the shared portal.
    """
    return {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
        **browser_context_args,
        "base_url": portal.base,
    }


@pytest.fixture(scope="session")
def portal() -> Generator[PortalServer]:
    """The portal every journey shares; a journey that stops or kills one starts its own."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="session")
def people(portal: PortalServer) -> Generator[People]:
    """The people whom a journey needs; when all journeys are over, no secret of theirs stands in the log."""
    with People(portal) as people:
        yield people
    log, emails = portal.log(), Mailbox(portal).tokens()
    assert '"frame_refused"' not in log, "a page of the portal sent what the event socket does not take"
    assert not [secret for secret in people.secrets | emails if secret in log]


@pytest.fixture(autouse=True)
def well_behaved(people: People) -> None:
    """Every simulator behaves when a test begins: those that walk over all controls leave switches on."""

    async def behave(services: Services) -> None:
        async with services.database.writing() as work:
            await work.session.exec(delete(SandboxWhim))
            await work.commit()

    people.do(behave)


@pytest.fixture
def mailbox(portal: PortalServer) -> Mailbox:
    """The emails of the shared portal."""
    return Mailbox(portal)


class ConsoleGuard:
    """What the console of every page of a test said; a test that provokes an error says so with `expect`."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._expected: list[str] = []

    def expect(self, part: str) -> None:
        """Let an error that contains this text pass."""
        self._expected.append(part)

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on("console", self._hear)

    def unexpected(self) -> list[str]:
        """The errors nobody expected."""
        return [error for error in self.errors if not any(part in error for part in self._expected)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def console_guard() -> Generator[ConsoleGuard]:
    """The guard of this test; one that opens contexts of its own has their pages watched."""
    guard = ConsoleGuard()
    yield guard
    assert not guard.unexpected(), "\n".join(guard.unexpected())


@pytest.fixture
def context(context: BrowserContext, console_guard: ConsoleGuard, people: People) -> Generator[BrowserContext]:
    """A browser without a past, watched."""
    context.on("page", console_guard.watch)
    yield context
    remember_cookies(context, people)


@pytest.fixture
def new_page(
    browser: Browser, browser_context_args: dict[str, Any], console_guard: ConsoleGuard, people: People
) -> Generator[Callable[..., Page]]:
    """A page in a further browser, watched too: signed in with `session`; the rest goes to the context."""
    contexts: list[BrowserContext] = []

    def open_page(session: Session | Newcomer | None = None, **arguments: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **arguments})
        context.on("page", console_guard.watch)
        contexts.append(context)
        if session:
            hold(context, session)
        return context.new_page()

    yield open_page
    for context in contexts:
        remember_cookies(context, people)
        context.close()


def remember_cookies(context: BrowserContext, people: People) -> None:
    """Note the cookies a browser was given: their values may stand in no log."""
    values = {str(cookie.get("value")) for cookie in context.cookies() if str(cookie.get("name")).startswith("gc_")}
    people.secrets |= {value for value in values if len(value) > 20}
