"""What holds on every page, found by itself, and in every dialog and menu: axe, both themes, widths, words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ConsoleGuard
from tests.e2e.places import BELOW_ALL, DIALOGS, EVERYWHERE, ROUTES, STATES, Residents, visit
from tests.support.axe import chinese_in, keys_in, overflowing, violations
from tests.support.people import People


@pytest.fixture(scope="session")
def residents(people: People) -> Residents:
    return Residents(people)


@pytest.fixture
def open_at(new_page: Callable[..., Page], residents: Residents, console_guard: ConsoleGuard) -> Callable[..., Page]:
    """Opens a page by its route, as somebody who may see it."""
    console_guard.expect("404 (Not Found)")

    def open_page(route: str, **arguments: object) -> Page:
        page = new_page(
            residents.session(route),
            **{
                "color_scheme": "light",
                "viewport": {"width": 1440, "height": 900},
                **arguments,
            },
        )
        visit(page, route)
        return page

    return open_page


def in_both_themes(page: Page) -> list[str]:
    """What axe finds, in light and in dark."""
    faults: list[str] = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator(f"html.{theme}")).to_be_attached()
        # Painted twice, so that every colour is the new theme's.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        faults += [f"{theme}: {fault}" for fault in violations(page)]
    return faults


def on_a_small_phone(page: Page) -> list[str]:
    """Whether 320 px lose anything; an open dialog keeps the place of the scroll bar."""
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"320: scrolls {width} px sideways"] if width > 0 else []


def on_a_wide_screen(page: Page) -> list[str]:
    """Whether anything is lost or runs out at 1920 px."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    sideways = [f"1920: scrolls {width} px sideways"] if width > 0 else []
    return sideways + [f"1920: {fault}" for fault in overflowing(page)]


def in_english(page: Page) -> list[str]:
    """Words that are missing or have no room; the page comes out as wide as on a computer."""
    faults = [f"Chinese: {words}" for words in chinese_in(page)] + [f"key: {words}" for words in keys_in(page)]
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{width}: {fault}" for fault in overflowing(page)]
    return faults


def to_english(page: Page) -> None:
    """Switch by the menu, which the console keeps in its drawer on phones."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="切换语言").click()
    page.get_by_role("menuitemradio", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_accessible_in_both_themes_and_has_room_and_words(open_at: Callable[..., Page], route: str) -> None:
    page = open_at(route)
    names = page.locator("dialog").evaluate_all("(dialogs) => dialogs.map((dialog) => dialog.id)")
    unknown = [
        f"{name} is not in places.DIALOGS"
        for name in names
        if name not in (EVERYWHERE, BELOW_ALL) and (route, name) not in DIALOGS
    ]
    faults = unknown + in_both_themes(page) + keys_in(page) + on_a_wide_screen(page)
    faults += on_a_small_phone(page) + violations(page)
    to_english(page)
    assert faults + in_english(page) + on_a_wide_screen(page) + on_a_small_phone(page) == []


@pytest.mark.parametrize(("route", "name"), [*DIALOGS])
def test_an_open_dialog_is_accessible_in_both_themes_and_has_room_and_words(
    open_at: Callable[..., Page], people: People, route: str, name: str
) -> None:
    page = open_at(route)
    DIALOGS[route, name](page, people)
    dialog = page.locator(f"dialog#{name}")
    expect(dialog).to_be_visible()
    faults = in_both_themes(page) + on_a_small_phone(page)
    page.set_viewport_size({"width": 320, "height": 480})
    # Head and foot stand still; what the body holds scrolls.
    for button in dialog.locator(".gc-dialog-head, .gc-dialog-foot").get_by_role("button").all():
        expect(button).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    to_english(page)
    DIALOGS[route, name](page, people)
    expect(dialog).to_be_visible()
    assert faults + in_english(page) + on_a_small_phone(page) == []


@pytest.mark.parametrize(("route", "name"), [*STATES])
def test_what_else_a_page_can_look_like_is_accessible_and_has_room_and_words(
    open_at: Callable[..., Page], people: People, route: str, name: str
) -> None:
    page = open_at(route)
    STATES[route, name](page, people)
    faults = in_both_themes(page) + on_a_small_phone(page)
    to_english(page)
    assert faults + in_english(page) + on_a_small_phone(page) == []


@pytest.mark.parametrize(("route", "width"), [("/", 1440), ("/account", 1440), ("/account", 320), ("/operator", 320)])
def test_every_menu_is_accessible_and_on_the_screen(open_at: Callable[..., Page], route: str, width: int) -> None:
    page = open_at(route, viewport={"width": width, "height": 900})
    buttons = [button for button in page.locator("[popovertarget]").all() if button.is_visible()]
    assert buttons
    for button in buttons:
        name = str(button.get_attribute("popovertarget"))
        menu = page.locator(f"[id='{name}']")
        button.click()
        expect(menu).to_be_visible()
        expect(menu).to_be_in_viewport(ratio=1)
        assert violations(page, f"#{name}") == []
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
