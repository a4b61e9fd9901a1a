"""The ten main journeys by keyboard and screen reader: which controls Tab reaches, in which order, and what each is called.

The lists stand in `focus_order.toml`, one `role "name"` a line, as the browser's accessibility tree has them. Ids, numbers
and days are left out of the names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.places import DIALOGS, Residents, visit
from tests.support.people import People

EXPECTED: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("focus_order.toml").read_text("utf-8"))
MOST = 80
_VARIABLE = re.compile(r"[0-9a-f]{6,}|\d{4}-\d{2}-\d{2}|\d[\d,.]*")
_NAMED = re.compile(r'\w+ ".*?"(?: \[\w+\])*')


@pytest.fixture(scope="session")
def visitors(people: People) -> Residents:
    return Residents(people)


def stops(page: Page) -> list[str]:
    """What Tab reaches from the top of the page, or of the open dialog, until it comes round."""
    if (title := page.locator("dialog[open] h2")).count():
        title.focus()
    found: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => { const on = document.activeElement;
                 if (!on || on === document.body || on.dataset.reached) return false;
                 on.dataset.reached = "1"; return true; }"""
        )
        if not state:
            break
        line = page.locator(":focus").aria_snapshot().splitlines()[0].removeprefix("- ")
        named = _NAMED.match(line)
        found.append(_VARIABLE.sub("N", named[0] if named else line))
    return found


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_tab_reaches_each_control_by_its_name_in_the_order_of_the_page(
    new_page: Callable[..., Page], people: People, visitors: Residents, key: str
) -> None:
    """A key is a route, or a route and the id of a dialog: `/workspace/billing#settlement-dialog`."""
    route, _, dialog = key.partition("#")
    page = new_page(visitors.session(route), viewport={"width": 1440, "height": 900})
    visit(page, route)
    if dialog:
        DIALOGS[(route, dialog)](page, people)
        expect(page.locator(f"dialog#{dialog}")).to_be_visible()
    expect(page.locator("main .gc-loading:visible")).to_have_count(0)
    assert stops(page) == EXPECTED[key]
