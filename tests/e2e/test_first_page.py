"""The first page a visitor sees, under the strict policy, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.screen import message
from tests.support.portal_server import PortalServer

_FRAMES = """
window.frames_drawn = [];
const look = () => {
  const seen = (of) => Boolean(document.querySelector(of)?.checkVisibility());
  if (document.querySelector("footer")) frames_drawn.push([seen(".gc-brand"), seen("h1")]);
  if (frames_drawn.length < 20) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""In each of the first frames: whether the bar is seen, and the heading."""


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


def test_the_first_frame_of_a_visit_is_the_bar_and_everything_follows_at_once(page: Page) -> None:
    page.add_init_script(_FRAMES)
    page.goto("/pricing")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    frames = page.evaluate("frames_drawn")
    assert frames[0] == [True, False]
    assert frames[-1] == [True, True]
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("frames_drawn")[0] == [True, True]


def test_a_reload_comes_back_to_where_the_reader_was(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto("/register")
    page.get_by_role("link", name=message("register.prices")).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 844
    page.reload()
    expect(page.get_by_role("link", name=message("register.prices"))).to_be_in_viewport()
    assert page.evaluate("scrollY") == before


def test_an_unknown_address_is_a_404_page_with_status_404(page: Page, console_guard: ConsoleGuard) -> None:
    console_guard.expect("404 (Not Found)")
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    with page.expect_websocket() as opened:
        response = page.goto("/there-is-nothing-here")
    assert response
    assert response.status == 404
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    # Its socket is answered as that of any page: it must not tell of a connection that is lost.
    if not any(map(_is_answer, frames)):
        opened.value.wait_for_event("framereceived", lambda frame: _is_answer(str(frame)))


def _is_answer(frame: str) -> bool:
    return "/_event,[" in frame
