"""The mailbox of the sandbox: emails are found, read in both forms, and can do nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.bootstrap import Services
from guance_portal.core.messages import Language
from guance_portal.mail import outbox
from tests.e2e.screens.sandbox_mail import SandboxMailScreen
from tests.support import axe
from tests.support.people import People

LINK = "http://localhost/reset-password#an-unknown-token"


@pytest.fixture
def recipient(people: People) -> str:
    """Somebody who has just been sent an email, with a name that tries to be a script."""
    address = f"lin-{secrets.token_hex(5)}@yunfan.example"
    write(people, address)
    return address


def write(people: People, address: str) -> None:
    """Queue an email."""

    async def queue(services: Services) -> None:
        async with services.database.writing() as work:
            await outbox.queue(
                work,
                outbox.Recipient(address, Language.ZH),
                "password_reset",
                {"name": "<script>alert(1)</script>", "link": LINK, "minutes": "30"},
                idempotency_key=secrets.token_hex(8),
            )
            await work.commit()

    people.do(queue)


def test_an_email_is_found_by_its_recipient_and_read_as_html_and_as_text(page: Page, recipient: str) -> None:
    mailbox = SandboxMailScreen(page).open()
    mailbox.find(recipient.upper())
    expect(mailbox.emails).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?to="))
    mailbox.emails.click()
    expect(page).to_have_url(re.compile(r"\?id=mail_"))
    expect(mailbox.emails).to_have_attribute("aria-current", "true")
    expect(mailbox.paper.get_by_role("link", name="设置新密码")).to_have_attribute("href", LINK)
    expect(mailbox.paper.get_by_text("<script>alert(1)</script>")).to_be_visible()
    as_text = mailbox.main.get_by_role("radio", name="纯文本")
    as_text.click()
    expect(as_text).to_be_checked()  # by the server's answer: the choice is kept there
    expect(mailbox.plain).to_contain_text(LINK)
    expect(mailbox.button("复制链接")).to_be_visible()


def test_an_opened_email_stands_in_the_address(page: Page, recipient: str) -> None:
    mailbox = SandboxMailScreen(page).open(f"?to={recipient}")
    mailbox.emails.click()
    expect(mailbox.main.get_by_role("heading", name="重置您的登录密码")).to_be_visible()
    page.reload()
    expect(mailbox.main.get_by_role("heading", name="重置您的登录密码")).to_be_visible()
    expect(mailbox.field("收件人").first).to_have_value(recipient)
    page.go_back()
    expect(mailbox.main.get_by_role("heading", name="重置您的登录密码")).to_be_hidden()
    expect(mailbox.emails).to_have_count(1)


def test_a_new_email_appears_by_refreshing(page: Page, people: People, recipient: str) -> None:
    mailbox = SandboxMailScreen(page).open(f"?to={recipient}")
    expect(mailbox.emails).to_have_count(1)
    write(people, recipient)
    mailbox.button("刷新").click()
    expect(mailbox.emails).to_have_count(2)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?to=nobody-has-this-name", False),
        (f"?to={'x' * 2000}", False),
        ("?id=mail_none&to=%00", True),
        ("?id=%00", True),
    ],
)
def test_an_odd_address_opens_no_email_and_breaks_nothing(
    page: Page, recipient: str, query: str, *, is_found: bool
) -> None:
    mailbox = SandboxMailScreen(page).open(query)
    nothing = mailbox.main.get_by_text("没有发给该收件人的邮件")
    expect(mailbox.emails.first if is_found else nothing).to_be_visible()
    expect(mailbox.main.locator("iframe")).to_have_count(0)
    mailbox.find(recipient)
    expect(mailbox.emails).to_have_count(1)


def test_on_a_phone_the_email_takes_the_place_of_the_list(new_page: Callable[..., Page], recipient: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    mailbox = SandboxMailScreen(page).open(f"?to={recipient}")
    mailbox.emails.click()
    expect(mailbox.paper.get_by_role("link", name="设置新密码")).to_be_visible()
    expect(mailbox.emails).to_be_hidden()
    mailbox.main.get_by_role("link", name="返回邮件列表").click()
    expect(mailbox.emails).to_have_count(1)
    expect(mailbox.emails).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_opened_email_has_nothing_that_axe_finds(new_page: Callable[..., Page], recipient: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    mailbox = SandboxMailScreen(page).open(f"?to={recipient}")
    mailbox.emails.click()
    expect(mailbox.paper.get_by_role("link", name="设置新密码")).to_be_visible()
    assert axe.violations(page) == []
