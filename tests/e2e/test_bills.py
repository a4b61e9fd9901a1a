"""From use to a bill: data comes in, the clock moves, and the payer sees what it cost, why, and what paid it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes, sites
from guance_portal.bootstrap import Services
from guance_portal.core.messages import Language
from guance_portal.metering.items import Item
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.support.billed_companies import billed_company
from tests.support.closes import bills, count
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.settled_companies import company
from tools import verify_bill

LOGS = 30_000
"""Lines that the gateway takes: 0.03 x 1.50 = 0.045."""
TRACES = 3_703_762
"""3.70 x 3.00 = 11.10; with the logs 11.145, which is 11.15."""
WITHIN = 60.0


def at(page: Page, place: str) -> FeeCenterScreen:
    """A page of the fee centre or the console."""
    page.goto(place)
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)
    return FeeCenterScreen(page)


def test_use_that_came_in_is_a_bill_once_its_day_has_ended(new_page: Callable[..., Page]) -> None:
    with PortalServer.start() as portal, People(portal) as people:
        here = company(people)
        token = people.do(lambda services: _token(services, here.workspace_id))
        body = "\n".join(f'nginx message="line {number}"' for number in range(LOGS))
        sent = httpx.post(f"{portal.base}/v1/write/logging?token={token}", content=body.encode(), timeout=60)
        assert sent.status_code == 200
        day = datetime.now(UTC).astimezone(sites.get("cn1").zone).date()
        people.do(lambda services: count(services, here.workspace_id, "cn1", {Item.TRACES: TRACES}, day))
        assert portal.portal("clock", "advance", "--days", "1").returncode == 0
        code = _billed(people, here.workspace_id)
        page = new_page(here.payer, base_url=portal.base)
        screen = at(page, routes.FEE_BILLS)
        row = screen.main.get_by_role("table", name=message("bills.months")).locator("tbody tr")
        expect(row).to_contain_text("¥11.15")
        at(page, routes.fee_bill(code))
        lines = screen.main.get_by_role("table", name=message("bills.formula")).locator("tbody tr")
        expect(lines).to_have_count(2)
        expect(lines.nth(0)).to_contain_text("30,000")
        expect(lines.nth(0)).to_contain_text("¥0.045")
        expect(lines.nth(1)).to_contain_text("¥11.10")
        steps = screen.main.locator(".gc-waterfall > li")
        expect(steps.last).to_contain_text(message("bills.kind_receivable"))
        expect(steps.last).to_contain_text("−¥11.15")
        page.close()


def test_a_bill_says_how_it_comes_about_who_paid_and_is_computed_again(
    new_page: Callable[..., Page], people: People
) -> None:
    billed = billed_company(people)
    page = new_page(billed.company.payer)
    screen = at(page, routes.fee_bill(billed.code))
    lines = screen.main.get_by_role("table", name=message("bills.formula"))
    expect(lines.locator("tbody tr")).to_have_count(6)
    late = lines.locator("tbody tr").last
    expect(late).to_contain_text("5.24 − 4.00")
    expect(late).to_contain_text("¥1.86")
    expect(lines.locator("tfoot")).to_contain_text("¥160.295")
    expect(lines.locator("tfoot")).to_contain_text("¥160.30")
    steps = screen.main.locator(".gc-waterfall > li")
    expect(steps).to_have_count(6)
    for step, said in enumerate(("¥160.30", "−¥33.55", "¥0.00", "−¥100.00", "−¥26.75", "¥0.00")):
        expect(steps.nth(step)).to_contain_text(said)
    screen.button(message("bills.recompute")).click()
    expect(screen.main.locator(".gc-outcome")).to_contain_text(message("bills.equal"))
    checks = screen.main.get_by_role("table", name=message("bills.recompute")).locator("tbody tr")
    expect(checks).to_have_count(9)
    expect(checks.filter(has_text=message("bills.differs"))).to_have_count(0)


def test_the_proof_is_a_file_that_the_other_program_finds_equal(new_page: Callable[..., Page], people: People) -> None:
    billed = billed_company(people)
    page = new_page(billed.company.payer)
    screen = at(page, routes.fee_bill(billed.code))
    with page.expect_download() as download:
        screen.main.get_by_role("link", name=message("bills.download")).click()
    assert download.value.suggested_filename == f"{billed.code}.json"
    proof = json.loads(download.value.path().read_text("utf-8"))
    assert verify_bill.differences(proof) == []


def test_a_month_leads_by_its_days_to_the_bills(new_page: Callable[..., Page], people: People) -> None:
    billed = billed_company(people)
    screen = at(new_page(billed.company.payer), routes.FEE_BILLS)
    screen.main.get_by_role("link", name=f"{billed.day:%Y-%m}").click()
    screen.main.get_by_role("link", name=f"{billed.day}，¥160.30").click()
    listed = screen.main.get_by_role("table", name=message("bills.daily_bills")).locator("tbody tr")
    expect(listed).to_have_count(1)
    listed.get_by_role("link", name=message("bills.look")).click()
    expect(screen.main.get_by_role("heading", level=1)).to_contain_text(billed.day.isoformat())


def test_the_console_shows_its_bills_without_the_purses_of_the_account(
    new_page: Callable[..., Page], people: People
) -> None:
    billed = billed_company(people)
    page = new_page(billed.company.owner)
    screen = at(page, routes.billing(f"{billed.day:%Y-%m}"))
    listed = screen.main.get_by_role("table", name=message("bills.daily_bills")).locator("tbody tr")
    expect(listed.filter(has_text=billed.day.isoformat())).to_contain_text("¥160.30")
    listed.filter(has_text=billed.day.isoformat()).get_by_role("link").click()
    expect(screen.main.locator(".gc-waterfall")).to_contain_text("−¥33.55")
    expect(screen.main.locator(".gc-waterfall code")).to_have_count(0)
    expect(screen.main).to_contain_text(message("bills.purses_hidden"))
    screen.button(message("bills.recompute")).click()
    expect(screen.main.locator(".gc-outcome")).to_contain_text(message("bills.equal"))


def test_nobody_sees_the_bill_of_others(new_page: Callable[..., Page], people: People) -> None:
    billed = billed_company(people)
    stranger = people.sign_in(people.payer())
    screen = at(new_page(stranger), routes.fee_bill(billed.code))
    expect(screen.main).to_contain_text(message("bills.missing"))
    answer = screen.page.request.get(routes.bill_proof(billed.code, stranger.person.realm))
    assert answer.status == 404


@pytest.mark.parametrize("language", Language)
def test_a_bill_fits_a_phone(new_page: Callable[..., Page], people: People, language: Language) -> None:
    billed = billed_company(people)
    page = new_page(billed.company.payer, locale=language.value, viewport={"width": 390, "height": 844})
    for place in (routes.FEE_BILLS, routes.bill_month(f"{billed.day:%Y-%m}"), routes.fee_bill(billed.code)):
        at(page, place)
        expect(page.locator("main table").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def _token(services: Services, workspace_id: str) -> str:
    async with services.database.writing() as work:
        token = await services.tokens.issue(work, workspace_id)
        await work.commit()
    return token


def _billed(people: People, workspace_id: str) -> str:
    """Wait until the portal has closed the day; the code of the bill."""
    deadline = time.monotonic() + WITHIN
    while not (found := people.do(lambda services: bills(services, workspace_id))):
        assert time.monotonic() < deadline, "the day is not closed"
    return found[0].code


def test_why_it_changed_adds_up_and_its_address_shows_it_again(new_page: Callable[..., Page], people: People) -> None:
    billed = billed_company(people)
    page = new_page(billed.company.payer)
    screen = at(page, routes.fee_bill(billed.code))
    screen.main.get_by_role("link", name=message("bill_change.why")).click()
    equation = screen.main.get_by_role("region", name=message("bill_change.equation"))
    expect(equation).to_contain_text("¥160.30")
    _, *parts, _ = equation.locator("b").all_inner_texts()
    cents = [_cents(said) for said in equation.locator("b").all_inner_texts()]
    assert len(parts) == 7
    assert sum(cents[:-1]) == cents[-1] == 160_30
    rows = screen.main.get_by_role("table", name=message("bill_change.by_item")).locator("tbody tr")
    expect(rows).to_have_count(5)
    differences = [_cents(said) for said in rows.locator("b.gc-change").all_inner_texts()]
    assert sum(differences) == cents[-1] - cents[0]
    other = new_page(billed.company.payer)
    again = at(other, page.url)
    expect(again.main.get_by_role("region", name=message("bill_change.equation"))).to_contain_text("¥160.30")
    again.main.get_by_label(message("bill_change.before")).select_option(billed.day.isoformat())
    expect(again.main.locator(".gc-change.more, .gc-change.less")).to_have_count(0)


def _cents(said: str) -> int:
    """Cents of an amount as the page shows it."""
    return int(said.replace("−", "-").replace("¥", "").replace(",", "").replace(".", "").replace("+", ""))
