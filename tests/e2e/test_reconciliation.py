"""对账: what marketplaces answered, what an operator enters of them, and a difference that becomes zero."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Page, expect

from guance_portal.sandbox.rules import Whim
from tests.e2e.screens.operator import AuditScreen
from tests.e2e.screens.operator_money import ReconciliationScreen
from tests.e2e.screens.screen import message
from tests.support.people import People
from tests.support.uncollected import misbehave, uncollected

LISTING = "aliyun-cn"


@pytest.fixture(autouse=True)
def _good_markets(people: People) -> Generator[None]:
    yield
    misbehave(people, LISTING)
    misbehave(people, "aws-cn")


def balanced(screen: ReconciliationScreen) -> dict[str, int]:
    """The equation, which must hold."""
    sums = screen.sums()
    assert sums["ours"] - sums["accepted"] - sums["returned"] == sums["difference"]
    assert sums["difference"] == sums["waiting"] + sums["unknown"] + sums["unpaid"]
    return sums


def seen(screen: ReconciliationScreen, code: str, words: str) -> None:
    """Look until the portal has done what it does by itself."""
    row = screen.records.filter(has_text=code)
    for _ in range(60):
        screen.open()
        expect(screen.main.locator(".gc-balance")).to_be_visible()
        if row.count() and words in row.inner_text():
            return
        screen.page.wait_for_timeout(500)
    expect(row).to_contain_text(words)


def test_an_unknown_record_is_looked_up_and_the_difference_becomes_zero(
    new_page: Callable[..., Page], people: People
) -> None:
    operator = people.operator()
    screen = ReconciliationScreen(new_page(people.sign_in(operator))).open()
    before = balanced(screen)
    misbehave(people, LISTING, Whim.SILENT_ON_USAGE)
    record = uncollected(people, LISTING)
    seen(screen, record.code, message("cloud_record.reason.silent"))
    misbehave(people, LISTING)
    sums = balanced(screen)
    assert (sums["unknown"] - before["unknown"], sums["ours"] - before["ours"]) == (15_00, 15_00)
    row = screen.records.filter(has_text=record.code)
    expect(row).to_contain_text(message("reconciliation.next_enter"))
    row.get_by_role("button", name=message("reconciliation.enter")).click()
    screen.enter("", "")
    expect(screen.dialog).to_contain_text(message("errors.amount_missing"))
    screen.enter("15.00", "云市场后台，工单 031")
    expect(screen.notice).to_contain_text(message("reconciliation.entered_ours"))
    expect(row).to_have_count(0)
    sums = balanced(screen)
    assert sums["accepted"] - before["accepted"] == 15_00
    assert sums["difference"] == before["difference"]
    audit = AuditScreen(screen.page).open(f"?actor={operator.name}")
    expect(audit.entries.first).to_contain_text(f"{record.code}：云市场显示：已记入这一条")
    expect(audit.entries.first).to_contain_text("工单 031")


def test_a_refused_record_is_paid_by_the_account_and_a_throttled_one_goes_at_once(
    new_page: Callable[..., Page], people: People
) -> None:
    screen = ReconciliationScreen(new_page(people.sign_in(people.operator()))).open()
    before = balanced(screen)
    misbehave(people, LISTING, Whim.REFUSES_USAGE)
    misbehave(people, "aws-cn", Whim.THROTTLES_USAGE)
    refused, throttled = uncollected(people, LISTING), uncollected(people, "aws-cn", 4)
    seen(screen, refused.code, message("cloud_record.state.refused"))
    seen(screen, throttled.code, message("cloud_record.reason.throttled"))
    sums = balanced(screen)
    assert (sums["returned"] - before["returned"], sums["waiting"] - before["waiting"]) == (15_00, 6_00)
    row = screen.records.filter(has_text=refused.code)
    expect(row).to_contain_text(message("reconciliation.next_returned"))
    misbehave(people, "aws-cn")
    screen.records.filter(has_text=throttled.code).get_by_role("button").first.click()
    expect(screen.notice).to_contain_text(message("reconciliation.was_asked"))
    for _ in range(60):
        screen.open()
        expect(screen.main.locator(".gc-balance")).to_be_visible()
        if not screen.records.filter(has_text=throttled.code).count():
            break
        screen.page.wait_for_timeout(500)
    assert balanced(screen)["accepted"] - before["accepted"] == 6_00
    screen.records.filter(has_text=refused.code).get_by_role("link", name=message("transfers.see")).click()
    expect(screen.main).to_contain_text(f"refused:{refused.code}")
    expect(screen.main).to_contain_text("¥15.00")
