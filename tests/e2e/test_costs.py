"""付费计划与账单 of a 商业版 with a hundred days of bills: the month to date, its forecast, its days and its items."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes, sites
from guance_portal.core.messages import Language
from guance_portal.core.money import Currency, Money
from tests.e2e.screens.fee_center import FeeCenterScreen
from tests.e2e.screens.screen import message, runs
from tests.support.billed_companies import LivedCompany, lived_company
from tests.support.people import People
from tests.support.portal_server import PortalServer

MIDDLE = 15
"""A day of the month that has days before it and days to come."""


@pytest.fixture(scope="module")
def server() -> Generator[PortalServer]:
    """A portal in the middle of a month."""
    with PortalServer.start() as begun:
        today = datetime.now(sites.get("cn1").zone).date()
        later = next(day for n in range(1, 32) if (day := today + timedelta(days=n)).day == MIDDLE)
        assert begun.portal("clock", "advance", "--days", str((later - today).days)).returncode == 0
        yield begun


@pytest.fixture(scope="module")
def lived(server: PortalServer) -> Generator[LivedCompany]:
    """Its company."""
    with People(server) as people:
        yield lived_company(people)


def at(page: Page, place: str) -> FeeCenterScreen:
    """A page whose figures have come."""
    page.goto(place)
    runs(page)
    expect(page.locator("main .gc-loading")).to_have_count(0)
    return FeeCenterScreen(page)


def shown(minor: int) -> str:
    """An amount as pages write it."""
    return f"¥{Money(minor, Currency.CNY).amount:,.2f}"


def of_month(lived: LivedCompany, latest: date) -> dict[date, int]:
    """What the days of a month cost."""
    return {day: minor for day, minor in lived.costs.items() if (day.year, day.month) == (latest.year, latest.month)}


def test_the_month_to_date_is_the_sum_of_its_bills_days_and_items(
    new_page: Callable[..., Page], server: PortalServer, lived: LivedCompany
) -> None:
    latest = max(lived.costs)
    days = of_month(lived, latest)
    screen = at(new_page(lived.company.owner, base_url=server.base), routes.BILLING)
    figures = screen.main.locator(".gc-costs .gc-figure")
    expect(figures.first).to_have_text(shown(sum(days.values())))
    expect(figures.last).to_have_text(shown(days[latest]))
    bars = screen.main.locator(".gc-daybars-bar")
    expect(bars).to_have_count(len(days))
    drawn = bars.last.evaluate("(bar) => [...bar.children].reduce((sum, part) => sum + part.offsetHeight, 0)")
    assert drawn > 0
    bills = screen.main.get_by_role("table", name=message("bills.daily_bills")).locator("tbody tr")
    expect(bills).to_have_count(len(days))
    items = screen.main.get_by_role("table", name=message("bills.by_item"))
    expect(items.locator("tfoot")).to_contain_text(shown(sum(days.values())))
    screen.main.get_by_text(message("bills.of_latest"), exact=True).click()
    expect(items.locator("tfoot")).to_contain_text(shown(days[latest]))
    screen.main.locator("summary", has_text=message("billing.as_table")).first.click()
    told = screen.main.get_by_role("table", name=message("bills.daily_costs")).locator("tbody tr")
    expect(told.filter(has_text=latest.isoformat())).to_contain_text(shown(days[latest]))


def test_the_forecast_says_its_bounds_its_method_and_how_wrong_it_was(
    new_page: Callable[..., Page], server: PortalServer, lived: LivedCompany
) -> None:
    screen = at(new_page(lived.company.owner, base_url=server.base), routes.BILLING)
    expect(screen.main.locator(".gc-costs .gc-figure")).to_have_count(3)
    screen.main.locator("summary", has_text=message("bills.trials")).click()
    trials = screen.main.get_by_role("table", name=message("bills.trials")).locator("tbody tr")
    expect(trials.first).to_contain_text("%")


def test_a_month_that_has_ended_has_no_forecast(
    new_page: Callable[..., Page], server: PortalServer, lived: LivedCompany
) -> None:
    screen = at(new_page(lived.company.owner, base_url=server.base), routes.BILLING)
    before = max(lived.costs).replace(day=1) - timedelta(days=1)
    screen.main.get_by_label(message("bills.which_month")).select_option(f"{before:%Y-%m}")
    figures = screen.main.locator(".gc-costs .gc-figure")
    expect(figures).to_have_count(2)
    expect(figures.first).to_have_text(shown(sum(of_month(lived, before).values())))


@pytest.mark.parametrize("language", Language)
def test_the_costs_of_a_month_fit_a_phone(
    new_page: Callable[..., Page], server: PortalServer, lived: LivedCompany, language: Language
) -> None:
    viewport = {"width": 390, "height": 844}
    page = new_page(lived.company.owner, base_url=server.base, locale=language.value, viewport=viewport)
    at(page, routes.BILLING)
    expect(page.locator("main .gc-daybars")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
