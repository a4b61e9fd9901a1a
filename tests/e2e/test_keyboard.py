"""Everything works without a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.people import People


def tab_to(page: Page, wanted: Locator, key: str = "Tab", most: int = 40) -> None:
    """Press Tab until this has the focus, and see that the focus is visible there."""
    for _ in range(most):
        page.keyboard.press(key)
        if wanted.evaluate("(element) => element === document.activeElement"):
            assert wanted.evaluate("(element) => element.matches(':focus-visible')")
            return
    pytest.fail(f"{most} times {key} never reached it")


def test_signing_in_takes_no_mouse(page: Page, people: People) -> None:
    person = people.user(site="cn2")
    sign_in = SignInScreen(page).open()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到主要内容")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(sign_in.main).to_be_focused()
    tab_to(page, sign_in.field("站点"))
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(sign_in.field("站点")).to_have_value("cn2")
    tab_to(page, sign_in.login)
    page.keyboard.type(person.login)
    tab_to(page, sign_in.password)
    page.keyboard.type(person.password)
    tab_to(page, sign_in.main.get_by_role("checkbox", name="在此设备上保持登录 7 天"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(sign_in.button("登录")).to_be_focused()
    page.keyboard.press("Enter")
    AccountScreen(page).shows(person)


def test_a_dialog_holds_the_focus_and_gives_it_back(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    page = new_page(people.sign_in(person))
    account = AccountScreen(page).open()
    account.shows(person)
    opener = account.button("全部退出，包括本机")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = account.end_all_dialog
    expect(dialog).to_be_visible()
    inside = "(element) => element.contains(document.activeElement)"
    assert dialog.evaluate(inside)
    seen: set[str] = set()
    for _ in range(10):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement === document.body ? '' : document.activeElement.textContent")
        seen.add(name)
        # Tab may leave for the browser's own controls, never for the page below.
        assert page.evaluate("document.activeElement === document.body") or dialog.evaluate(inside)
    assert {"取消", "全部退出"} <= seen
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_menu_is_walked_by_arrows_and_closed_by_escape(page: Page) -> None:
    SignInScreen(page).open()
    button = page.get_by_role("button", name="切换主题")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="跟随系统")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.get_by_role("menuitemradio", name="浅色")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitemradio", name="跟随系统")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu", name="切换主题")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="跟随系统")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class("dark")


def test_signing_out_takes_no_mouse(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    page = new_page(people.sign_in(person))
    AccountScreen(page).open().shows(person)
    page.get_by_role("button", name="用户菜单").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="账号设置")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    SignInScreen(page).stands_at("/login")
