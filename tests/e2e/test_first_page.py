"""The first page a visitor sees, under the strict policy, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from guance_portal.core.actor import Realm
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.screen import message
from tests.support.people import People
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


@pytest.mark.parametrize("width", [1440, 390])
def test_the_landing_page_has_its_places_in_the_header_and_its_agreements_below(
    new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844})
    page.goto("/")
    header, footer = page.get_by_role("banner"), page.get_by_role("contentinfo")
    expect(header.get_by_role("link", name="登录", exact=True)).to_have_attribute("href", "/login")
    for name in ("计费方式", "文档"):
        expect(header.get_by_role("link", name=name, exact=True)).to_be_visible(visible=width > 767)
    expect(footer.get_by_role("link", name="文档", exact=True)).to_be_visible()
    for name, title in (("服务协议", "观测云商业版服务协议"), ("隐私协议", "观测云隐私协议")):
        footer.get_by_role("button", name=name, exact=True).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog.get_by_role("heading", level=3).first).to_be_visible()
        dialog.get_by_role("button", name="关闭").first.click()
        expect(dialog).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("realm", list(Realm))
def test_every_realm_leads_to_the_agreements(new_page: Callable[..., Page], people: People, realm: Realm) -> None:
    page = new_page(people.sign_in(people.any(realm)))
    page.goto(
        {Realm.CONSOLE: "/account", Realm.FEE_CENTER: "/fee-center/account", Realm.OPERATOR: "/operator/account"}[realm]
    )
    page.locator(".gc-footer").get_by_role("button", name="隐私协议", exact=True).click()
    expect(page.get_by_role("dialog", name="观测云隐私协议")).to_be_visible()


def test_the_sandbox_shows_where_the_community_will_stand(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(people.sign_in(people.user()))
    page.goto("/welcome")
    expect(page.get_by_text(message("welcome.community_sample"))).to_be_visible()
    expect(page.get_by_role("img", name=message("welcome.wechat_scan"))).to_be_visible()
