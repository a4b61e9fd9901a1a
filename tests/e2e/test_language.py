"""Two languages: the right one first, and switching loses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.core.messages import text
from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.axe import chinese_in
from tests.support.people import NEW_PASSWORD, People

# Notes every Chinese text that is painted from the very first one on.
_WATCH = """() => {
  const chinese = /[\\u3400-\\u9fff]/;
  window.__chinese = [];
  const look = () => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const isText = parent && !parent.closest("script, style, template, [lang^=zh], head > :not(title)");
      if (isText && chinese.test(walker.currentNode.data)) window.__chinese.push(walker.currentNode.data);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def test_switching_keeps_what_was_typed_and_asks_no_server(page: Page) -> None:
    sign_in = SignInScreen(page).open()
    sign_in.login.fill("lin@yunfan.example")
    sign_in.password.fill(NEW_PASSWORD)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    sign_in.choose_language("English")
    expect(page.get_by_role("heading", level=1)).to_have_text(text("sign_in.title").en)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(re.compile(text("sign_in.title").en))
    expect(page.get_by_label("Email", exact=True)).to_have_value("lin@yunfan.example")
    expect(page.get_by_label("Password", exact=True)).to_have_value(NEW_PASSWORD)
    sign_in.choose_language("简体中文")
    expect(sign_in.title).to_have_text(text("sign_in.title").zh)
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page).to_have_title(re.compile(text("sign_in.title").zh))
    expect(sign_in.login).to_have_value("lin@yunfan.example")
    assert not requests


def test_a_refusal_that_is_already_shown_is_translated_too(page: Page) -> None:
    sign_in = SignInScreen(page).open()
    sign_in.submit()
    expect(sign_in.summary).to_contain_text(text("sign_in.missing_password").zh)
    sign_in.choose_language("English")
    expect(sign_in.summary).to_contain_text(text("sign_in.missing_password").en)


def test_the_choice_is_kept_on_every_page_and_after_a_reload(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    page = new_page(people.sign_in(person))
    account = AccountScreen(page).open()
    account.shows(person)
    account.choose_language("English")
    expect(account.title).to_have_text(text("account.title").en)
    page.reload()
    expect(account.title).to_have_text(text("account.title").en)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(re.compile("Guance"))


@pytest.mark.parametrize("path", ["/", "/login", "/account", "/fee-center/login", "/there-is-nothing-here"])
def test_an_english_visitor_never_sees_chinese_not_even_first(
    new_page: Callable[..., Page], people: People, console_guard: ConsoleGuard, path: str
) -> None:
    console_guard.expect("404 (Not Found)")
    session = people.sign_in(people.user()) if path == "/account" else None
    page = new_page(session, locale="en-GB")
    page.add_init_script(f"({_WATCH})()")
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Change language")).to_be_visible()
    if path == "/account":
        expect(AccountScreen(page).devices).to_have_count(1)
    assert page.evaluate("window.__chinese") == []
    assert chinese_in(page) == []
