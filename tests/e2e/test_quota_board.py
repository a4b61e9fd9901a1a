"""体验额度: what was used today against the quotas, live, and what is said when they end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.accounts.rules import Role
from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.screen import SOON, message
from tests.support.companies import member_of, owner_of, send, token_of
from tests.support.mailbox import Mailbox, text_of
from tests.support.people import People
from tests.support.portal_server import PortalServer

VIEWS = "用户访问 PV"


def views(count: int) -> list[str]:
    return ["view f=1"] * count


def test_a_number_on_an_open_page_follows_the_data_within_two_seconds(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    board = BillingScreen(new_page(session)).open()
    expect(board.quota("日志类数据")).to_contain_text("0 / 1,000,000")
    expect(board.main).to_contain_text("UTC+8")
    assert send(portal, token_of(people, session), "logging", *['nginx message="a"'] * 40) == 200
    accepted = time.monotonic()
    expect(board.quota("日志类数据")).to_contain_text("40 / 1,000,000", timeout=SOON)
    assert time.monotonic() - accepted < 2
    expect(board.quota("日志类数据")).to_contain_text(message("billing.lasts"))


def test_a_quota_that_nears_its_end_is_told_on_the_page_and_by_mail(
    new_page: Callable[..., Page], people: People, portal: PortalServer, mailbox: Mailbox
) -> None:
    session = owner_of(people)
    admin, reader = member_of(people, session, Role.ADMIN), member_of(people, session, Role.READONLY)
    board = BillingScreen(new_page(session)).open()
    expect(board.problems).to_have_count(0)
    token = token_of(people, session)
    send(portal, token, "rum", *views(1_700))
    expect(board.problems).to_contain_text(message("billing.low", items=VIEWS), timeout=SOON)
    expect(board.problems).to_have_attribute("role", "status")
    expect(board.quota(VIEWS)).to_contain_text("即将用尽")
    expect(board.quota(VIEWS)).to_contain_text("85%")
    expect(board.quota(VIEWS)).to_contain_text("1,700 / 2,000 个 · 保存 7 天")
    days = board.main.get_by_role("list", name=f"{VIEWS}近 7 日用量").get_by_role("listitem")
    expect(days).to_have_count(7)
    expect(days.last).to_have_text("1,700今日")
    heights = days.locator("i").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    assert heights[-1] > 100
    assert max(heights[:-1]) < 2
    board.main.get_by_role("combobox", name="数据类型").select_option(label="日志类数据")
    expect(board.main.get_by_role("list", name="日志类数据近 7 日用量").get_by_role("listitem").last).to_have_text(
        "0今日"
    )
    expect(board.problems.get_by_role("link", name="升级", exact=True)).to_have_attribute("href", "/workspace/upgrade")
    for person in (session.person, admin.person):
        assert mailbox.wait_for(person.email)["Subject"] == message("mail.quota_warning.subject")
    assert mailbox.to(reader.person.email) == []


def test_a_quota_that_is_used_up_refuses_and_says_until_when(
    new_page: Callable[..., Page], people: People, portal: PortalServer, mailbox: Mailbox
) -> None:
    session = owner_of(people)
    board = BillingScreen(new_page(session)).open()
    token = token_of(people, session)
    assert [send(portal, token, "rum", *views(count)) for count in (2_000, 1)] == [200, 429]
    expect(board.problems).to_contain_text(message("billing.exhausted", items=VIEWS), timeout=SOON)
    expect(board.problems).to_have_attribute("role", "alert")
    expect(board.problems).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d 00:00（UTC\+8）自动恢复"))
    expect(board.quota(VIEWS)).to_contain_text("已用尽")
    expect(board.quota(VIEWS)).to_contain_text(re.compile(r"\d\d:\d\d 起停止接收新数据"))
    assert send(portal, token, "logging", 'nginx message="b"') == 200
    expect(board.quota("日志类数据")).to_contain_text("1 / 1,000,000", timeout=SOON)
    email = mailbox.wait_for(session.person.email)
    assert email["Subject"] == message("mail.quota_exhausted.subject")
    assert f"{portal.base}/workspace/billing" in text_of(email)
    assert len(mailbox.to(session.person.email)) == 1


def test_a_batch_that_does_not_fit_is_told_as_what_it_is(
    new_page: Callable[..., Page], people: People, portal: PortalServer
) -> None:
    session = owner_of(people)
    board = BillingScreen(new_page(session)).open()
    assert send(portal, token_of(people, session), "rum", *views(2_001)) == 429
    expect(board.problems).to_contain_text(message("billing.oversized", items=VIEWS), timeout=SOON)
    expect(board.quota(VIEWS)).to_contain_text("0 / 2,000")
    expect(board.quota(VIEWS)).to_contain_text(message("billing.refused_batches", count="1"))
    expect(board.quota(VIEWS)).not_to_contain_text("已用尽")


def test_the_board_is_of_the_site(new_page: Callable[..., Page], people: People) -> None:
    board = BillingScreen(new_page(owner_of(people, site="us1"))).open()
    expect(board.quota("时间线")).to_contain_text("0 / 500")
    expect(board.main).to_contain_text(re.compile(r"00:00（UTC−[78]）"))


@pytest.mark.parametrize(("role", "buttons"), [(Role.OWNER, 1), (Role.ADMIN, 0)])
def test_only_the_owner_may_upgrade(new_page: Callable[..., Page], people: People, role: Role, buttons: int) -> None:
    owner = owner_of(people)
    board = BillingScreen(new_page(owner if role is Role.OWNER else member_of(people, owner, role))).open()
    expect(board.quota(VIEWS)).to_be_visible()
    expect(board.main.get_by_role("link", name="升级", exact=True)).to_have_count(buttons)
    said = "billing.one_way" if buttons else "billing.owner_upgrades"
    expect(board.main.get_by_text(message(said), exact=True)).to_be_visible()


def test_a_workspace_without_data_leads_to_the_guide(new_page: Callable[..., Page], people: People) -> None:
    board = BillingScreen(new_page(owner_of(people))).open()
    board.main.get_by_role("link", name="前往新手引导").click()
    board.stands_at("/onboarding")
