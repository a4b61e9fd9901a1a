"""Under forced colours what is chosen looks chosen and borders are borders; on paper a page is light and has its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.screens.billing import BillingScreen
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.style_guide import StyleGuideScreen
from tests.support.companies import owner_of, paying
from tests.support.people import People
from tests.support.pixels import differing, picture

FRAMED = (
    ".gc-panel",
    ".gc-card",
    ".gc-input",
    ".gc-select",
    ".gc-button.secondary",
    ".gc-button.primary",
    ".gc-note",
    ".gc-badge",
)
ENOUGH = 0.01
"""The share of pixels that must differ for a change to be seen: the border of a card is more."""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    """A page of nobody, in which pictures are compared."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def look_other(blank: Page, part: Locator, change: Callable[[], None]) -> None:
    """Expect that the change is seen in a part of the page."""
    before = picture(part)
    change()
    assert differing(blank, before, picture(part)) > ENOUGH


def choose(other: Locator) -> None:
    """Take one that the server may have to confirm."""
    other.click(force=True)
    expect(other).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_looks_chosen(new_page: Callable[..., Page], blank: Page, scheme: str) -> None:
    main = StyleGuideScreen(new_page(forced_colors="active", color_scheme=scheme)).open().main
    for box in ("check_off", "switch_off"):
        control = main.page.locator(f"[name={box}]")
        look_other(blank, main.locator(".gc-check", has=control), control.check)
    radio = main.page.locator("[name=radio][value=off]")
    look_other(blank, main.locator(".gc-check", has=radio), radio.check)
    for of in (".gc-card", ".gc-segments > label"):
        free = main.locator(of).locator("input:not(:checked, :disabled)").first
        name, value = free.get_attribute("name"), free.get_attribute("value")
        other = main.page.locator(f"[name='{name}'][value='{value}']")
        look_other(blank, main.locator(of, has=other), partial(choose, other))


def test_the_place_one_is_at_looks_chosen(new_page: Callable[..., Page], people: People, blank: Page) -> None:
    page = new_page(owner_of(people), forced_colors="active")
    page.goto("/account")
    runs(page)
    place = page.locator(".gc-rail > a[href='/account']")
    expect(place).to_be_visible()

    def leave() -> None:
        page.goto("/onboarding")
        runs(page)
        expect(place).to_be_visible()

    look_other(blank, place, leave)
    page.get_by_role("button", name=message("theme.label")).click()
    item = page.get_by_role("menuitemradio", name="深色")
    before = picture(item)
    item.click()
    page.get_by_role("button", name=message("theme.label")).click()
    assert differing(blank, before, picture(item)) > ENOUGH


def test_every_frame_has_a_border(new_page: Callable[..., Page]) -> None:
    main = StyleGuideScreen(new_page(forced_colors="active")).open().main
    for of in FRAMED:
        drawn = main.locator(of).first.evaluate(
            "one => { const { borderLeftWidth, borderLeftStyle } = getComputedStyle(one); return [parseFloat(borderLeftWidth), borderLeftStyle]; }"
        )
        assert drawn[0] >= 1, of
        assert drawn[1] != "none", of
    wrong = main.locator(".gc-input:has([aria-invalid=true])").first
    right = main.locator(".gc-input:not(:has([aria-invalid=true]))").first
    width = "one => parseFloat(getComputedStyle(one).borderLeftWidth)"
    assert wrong.evaluate(width) > right.evaluate(width)


def test_on_paper_a_page_is_light_without_controls_and_its_chart_has_figures(
    new_page: Callable[..., Page], people: People
) -> None:
    page = new_page(paying(people, days=40), color_scheme="dark")
    billing = BillingScreen(page).open()
    expect(billing.bars).to_have_count(30)
    expect(page.locator("html")).to_have_class("dark")
    rows = billing.main.locator(".gc-chart-table tbody tr")
    expect(rows.first).to_be_hidden()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(28, 32, 36)"
    for control in (
        page.locator("button:visible"),
        page.locator(".gc-header, .gc-rail, .gc-group").locator("visible=true"),
    ):
        expect(control).to_have_count(0)
    expect(billing.bars).to_have_count(30)
    expect(rows).to_have_count(30)
    expect(rows.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_dialog_that_is_open_is_printed_alone_and_whole(new_page: Callable[..., Page]) -> None:
    style_guide = StyleGuideScreen(new_page()).open()
    style_guide.opener.click()
    expect(style_guide.dialog).to_be_visible()
    style_guide.page.emulate_media(media="print")
    expect(style_guide.dialog.get_by_role("heading")).to_be_visible()
    expect(style_guide.main.get_by_role("heading", level=1)).to_be_hidden()
