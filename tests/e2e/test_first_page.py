"""The first page a visitor sees, under the strict policy, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import ConsoleGuard
    from tests.support.portal_server import PortalServer


def test_the_page_connects_to_the_port_it_was_loaded_from(page: Page, portal: PortalServer) -> None:
    with page.expect_websocket() as opened:
        page.goto("/")
    assert opened.value.url.startswith(f"ws://localhost:{portal.port}/_event")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh-CN"), ("en-GB", "en"), ("fr-FR", "en")])
def test_a_first_visit_speaks_the_browsers_language(
    browser: Browser, portal: PortalServer, console_guard: ConsoleGuard, locale: str, language: str
) -> None:
    context = browser.new_context(locale=locale, base_url=portal.base)
    page = context.new_page()
    console_guard.watch(page)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()


def test_an_unknown_address_is_a_404_page_with_status_404(page: Page, console_guard: ConsoleGuard) -> None:
    console_guard.expect("404 (Not Found)")
    response = page.goto("/there-is-nothing-here")
    assert response
    assert response.status == 404
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
