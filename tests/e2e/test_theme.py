"""Light, dark or as the system: chosen once, kept, and never a flash of the other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.style_guide import StyleGuideScreen
from tests.support.browsers import hold
from tests.support.people import People

_DARK, _LIGHT = re.compile(r"\bdark\b"), re.compile(r"\blight\b")
# The background of every frame from the first on, as it is painted.
_WATCH = """() => {
  window.__painted = new Set();
  const look = () => {
    if (document.body) window.__painted.add(getComputedStyle(document.body).backgroundColor);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_system_decides_until_somebody_chooses(new_page: Callable[..., Page], system: str) -> None:
    page = new_page(color_scheme=system)
    SignInScreen(page).open()
    expect(page.locator("html")).to_have_class(re.compile(system))
    page.emulate_media(color_scheme="dark" if system == "light" else "light")
    expect(page.locator("html")).not_to_have_class(re.compile(system))


def test_a_choice_overrides_the_system_and_is_remembered(new_page: Callable[..., Page]) -> None:
    page = new_page(color_scheme="light")
    sign_in = SignInScreen(page).open()
    light = background(page)
    sign_in.choose_theme("深色")
    expect(page.locator("html")).to_have_class(_DARK)
    dark = background(page)
    assert dark != light
    page.reload()
    expect(page.locator("html")).to_have_class(_DARK)
    page.goto("/")
    expect(page.locator("html")).to_have_class(_DARK)
    page.get_by_role("button", name="切换主题").click()
    expect(page.get_by_role("menuitemradio", name="深色")).to_be_checked()
    page.get_by_role("menuitemradio", name="跟随系统").click()
    expect(page.locator("html")).to_have_class(_LIGHT)


@pytest.mark.parametrize(("system", "chosen"), [("dark", ""), ("dark", "浅色"), ("light", "深色")])
def test_the_other_theme_never_flashes_while_a_page_loads(
    new_page: Callable[..., Page], system: str, chosen: str
) -> None:
    page = new_page(color_scheme=system)
    sign_in = SignInScreen(page).open()
    if chosen:
        sign_in.choose_theme(chosen)
        expect(page.locator("html")).to_have_class(_DARK if chosen == "深色" else _LIGHT)
    wanted = background(page)
    page.add_init_script(f"({_WATCH})()")
    for path in ("/login", "/"):
        page.goto(path)
        runs(page)
        assert page.evaluate("[...window.__painted]") == [wanted], path


def _landing(page: Page, _: People) -> None:
    page.goto("/")
    runs(page)


def _waiting_for_data(page: Page, people: People) -> None:
    session = people.sign_in(people.user())
    people.workspace(session, "yunfan")
    hold(page.context, people.sign_in(session.person))
    page.goto("/onboarding")
    runs(page)
    expect(page.locator(".gc-pulse")).to_be_visible()


def _open_dialog(page: Page, _: People) -> None:
    sheet = StyleGuideScreen(page).open()
    sheet.opener.click()
    expect(sheet.dialog).to_be_visible()


def _notice(page: Page, _: People) -> None:
    sheet = StyleGuideScreen(page).open()
    sheet.button(message("style_guide.toast.show")).click()
    expect(sheet.notice).to_contain_text(message("style_guide.toast.copied"))


@pytest.mark.parametrize("arrive", [_landing, _waiting_for_data, _open_dialog, _notice])
def test_who_wants_less_motion_gets_none(
    new_page: Callable[..., Page], people: People, arrive: Callable[[Page, People], None]
) -> None:
    page = new_page(reduced_motion="reduce")
    arrive(page, people)
    moving = """() => document.getAnimations().filter((one) => one.playState === "running").length"""
    assert page.evaluate(moving) == 0
    longest = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((element) => {
      const style = getComputedStyle(element);
      return [style.animationDuration, style.transitionDuration].flatMap((list) => list.split(",").map(parseFloat));
    }))"""
    assert page.evaluate(longest) <= 0.001
