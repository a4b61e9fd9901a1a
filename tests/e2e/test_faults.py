"""What breaks on our side is told calmly, with a number that the log knows, and can be tried again."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import FreeScreen
from tests.support.companies import owner_of
from tests.support.faults import without
from tests.support.newcomers import newcomer
from tests.support.people import People
from tests.support.portal_server import PortalServer


@pytest.fixture(scope="module")
def breakable() -> Generator[PortalServer]:
    """A portal of its own, whose tables may be taken away."""
    with PortalServer.start() as server:
        yield server


@pytest.fixture(scope="module")
def theirs(breakable: PortalServer) -> Generator[People]:
    """The people who are needed there."""
    with People(breakable) as people:
        yield people


def test_a_fault_is_told_with_its_number_and_what_failed_can_be_tried_again(
    new_page: Callable[..., Page], breakable: PortalServer, theirs: People
) -> None:
    person = theirs.user()
    page = new_page(base_url=breakable.base)
    sign_in = SignInScreen(page).open()
    with without(breakable, "credentials"):
        sign_in.sign_in(person)
        expect(sign_in.notice).to_contain_text(message("outage.message"))
        number = re.search(r"e-[0-9a-f]{12}", sign_in.notice.inner_text())
        assert number
        assert number.group() in breakable.log()
        assert "credentials" not in page.locator("body").inner_text()
    expect(sign_in.login).to_have_value(person.login)
    sign_in.submit()
    AccountScreen(page).shows(person)


def test_a_code_that_could_not_be_sent_can_be_asked_for_again(
    new_page: Callable[..., Page], breakable: PortalServer
) -> None:
    form = FreeScreen(new_page(base_url=breakable.base)).open()
    form.box("email").fill(email := newcomer().email)
    with without(breakable, "email_codes"):
        form.send_code.click()
        expect(form.notice).to_contain_text(message("outage.message"))
    form.get_code(email)


def test_a_board_that_cannot_be_read_fails_alone_and_can_be_tried_again(
    new_page: Callable[..., Page], breakable: PortalServer, theirs: People
) -> None:
    owner = owner_of(theirs)
    with without(breakable, "usage_days"):
        board = BillingScreen(new_page(owner, base_url=breakable.base)).open()
        failed = board.main.get_by_role("alert")
        expect(failed).to_contain_text(message("billing.failed"))
        expect(failed).to_contain_text(re.compile("e-[0-9a-f]{12}"))
        expect(board.edition).to_have_text("体验版")
    board.button("重试").click()
    expect(board.quota("用户访问 PV")).to_be_visible()
