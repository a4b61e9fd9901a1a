"""What breaks on our side is told calmly, with a number that the log knows, and can be tried again."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import words
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import FreeScreen
from tests.support.newcomers import newcomer
from tests.support.people import People
from tests.support.portal_server import PortalServer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from playwright.sync_api import Page

    from tests.e2e.conftest import ConsoleGuard


@contextmanager
def without(portal: PortalServer, table: str) -> Generator[None]:
    """A table is missing meanwhile."""
    with closing(sqlite3.connect(portal.data_dir / "portal.sqlite3")) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield
        database.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_a_fault_is_told_with_its_number_and_what_failed_can_be_tried_again(
    new_page: Callable[..., Page], console_guard: ConsoleGuard
) -> None:
    console_guard.expect("WebSocket connection to")
    with PortalServer.start() as portal, People(portal) as people:
        person = people.user()
        page = new_page(base_url=portal.base)
        sign_in = SignInScreen(page).open()
        with without(portal, "credentials"):
            sign_in.sign_in(person)
            expect(sign_in.notice).to_contain_text(words("fault.message"))
            number = re.search(r"e-[0-9a-f]{12}", sign_in.notice.inner_text())
            assert number
            assert number.group() in portal.log()
            assert "credentials" not in page.locator("body").inner_text()
        expect(sign_in.login).to_have_value(person.login)
        sign_in.submit()
        AccountScreen(page).shows(person)


def test_a_code_that_could_not_be_sent_can_be_asked_for_again(
    new_page: Callable[..., Page], console_guard: ConsoleGuard
) -> None:
    console_guard.expect("WebSocket connection to")
    with PortalServer.start() as portal:
        page = new_page(base_url=portal.base)
        form = FreeScreen(page).open()
        form.box("email").fill(email := newcomer().email)
        with without(portal, "email_codes"):
            form.send_code.click()
            expect(form.notice).to_contain_text(words("fault.message"))
        form.get_code(email)
        page.close()
