"""What somebody types, chooses or presses while a page still loads over a modest line stays, and is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from guance_portal import routes
from tests.e2e.places import ADDRESSES, ROUTES, Residents
from tests.e2e.screens.screen import address, message, runs
from tests.e2e.screens.sign_in import SignInScreen
from tests.e2e.screens.sign_up import BasicScreen, FreeScreen
from tests.support.people import People

_LINE = {"offline": False, "latency": 60, "downloadThroughput": 4e6 / 8, "uploadThroughput": 4e6 / 8}
_PATIENCE = 10.0
_CONTROLS = "main :is(input:not([type=hidden], [disabled], [readonly]), select, textarea)"
# Everything that is seen is used: boxes turned round, the last radio and option chosen, text typed.
_USE = f"""() => {{
  const used = {{}};
  const seen = (control) => (control.checkVisibility() || control.type === "radio") && !control.closest("dialog:not([open])");
  const say = (control, kinds) => kinds.forEach((kind) => control.dispatchEvent(new Event(kind, {{ bubbles: true }})));
  [...document.querySelectorAll("{_CONTROLS}")].filter(seen).forEach((control) => {{
    const name = control.name || control.id;
    if (control.type === "checkbox" || control.type === "radio") {{
      control.click();
      used[`${{name}}=${{control.type}}`] = control.type === "radio" ? control.value : control.checked;
    }} else {{
      const text = {{ date: "2026-07-14", month: "2026-07", number: "7" }}[control.type] ?? "abcde";
      control.value = control.tagName === "SELECT" ? control.options[control.options.length - 1].value : text;
      say(control, ["input", "change"]);
      used[name] = control.value;
    }}
  }});
  return used;
}}"""
_STANDING = f"""() => {{
  const standing = {{}};
  for (const control of document.querySelectorAll("{_CONTROLS}")) {{
    const name = control.name || control.id;
    if (control.type === "radio") {{
      if (control.checked) standing[`${{name}}=radio`] = control.value;
    }} else if (control.type === "checkbox") standing[`${{name}}=checkbox`] = control.checked;
    else standing[name] = control.value;
  }}
  return standing;
}}"""
_RUNS = """() => Object.keys(document.getElementById("main") ?? {}).some((name) => name.startsWith("__reactFiber"))"""


@pytest.fixture(scope="session")
def residents(people: People) -> Residents:
    return Residents(people)


class EarlyPage:
    """A page on a line of 4 Mbit/s and 60 ms, used when it is seen and its scripts do not run yet."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._is_loaded = False
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", _LINE)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => document.querySelector('main') && !document.documentElement.dataset.undrawn")

    def is_early(self) -> None:
        """Fails when its scripts run already: then nothing was tried."""
        assert not self.page.evaluate(_RUNS), "the page ran before it was used: the line was too fast"

    def standing(self) -> dict[str, Any]:
        """What its controls hold."""
        return self.page.evaluate(_STANDING)

    def until(self, holds: Callable[[], bool]) -> bool:
        """Whether something holds at last, once the page has its data."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            self.page.evaluate("() => new Promise(requestAnimationFrame)")
            if self._is_loaded and holds():
                return True
        return False

    def _hear(self, frame: str | bytes) -> None:
        self._is_loaded = self._is_loaded or '"is_hydrated_rx_state_":true' in str(frame)


@pytest.mark.parametrize("route", [route for route in ROUTES if route != "404"])  # which has nothing to use
def test_what_is_typed_or_chosen_before_a_page_runs_stays(
    new_page: Callable[..., Page], residents: Residents, route: str
) -> None:
    early = EarlyPage(new_page(residents.session(route)), ADDRESSES.get(route, route))
    used: dict[str, Any] = early.page.evaluate(_USE)
    early.is_early()

    def lost() -> dict[str, Any]:
        standing = early.standing()
        return {name: (value, standing.get(name)) for name, value in used.items() if standing.get(name) != value}

    early.until(lambda: not lost())
    assert not lost()


@pytest.mark.parametrize("screen", [FreeScreen, BasicScreen])
def test_letters_typed_at_once_are_kept_like_later_ones(
    new_page: Callable[..., Page], screen: type[BasicScreen]
) -> None:
    page = new_page()
    early, form = EarlyPage(page, screen.path), screen(page)
    form.box("username").press_sequentially("yunfa")
    early.is_early()
    form.box("username").press_sequentially("n_ops")
    assert early.until(lambda: form.box("username").input_value() == "yunfan_ops")
    expect(form.main.get_by_text(message("sign_up.username_free"), exact=True)).to_be_visible()
    form.box("email").press_sequentially("lin@yunfan.example")
    page.reload()
    runs(page)
    expect(form.box("username")).to_have_value("yunfan_ops")
    # The same browser, with nothing in its cache: the draft fills what is empty, and nothing else.
    later = new_page()
    later.context.add_cookies(page.context.cookies())  # pyright: ignore[reportArgumentType] - the same dictionaries
    early, form = EarlyPage(later, screen.path), screen(later)
    form.box("username").press_sequentially("qing")
    early.is_early()
    typed = {"username": "qing", "email": "lin@yunfan.example"}
    assert early.until(lambda: all(form.box(name).input_value() == value for name, value in typed.items()))


def test_a_form_sent_before_the_page_runs_is_sent_once_it_does(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    page = new_page()
    early, sign_in = EarlyPage(page, routes.LOGIN), SignInScreen(page)
    sign_in.fill(person)
    sign_in.submit()
    early.is_early()
    expect(sign_in.button("登录")).to_have_attribute("data-waiting", "")
    expect(page).not_to_have_url(address(routes.LOGIN))
    expect(page.locator(".gc-avatar")).not_to_be_empty()


def test_a_button_pressed_before_the_page_runs_does_its_work_once_it_does(new_page: Callable[..., Page]) -> None:
    page = new_page()
    early, form = EarlyPage(page, FreeScreen.path), FreeScreen(page)
    page.locator(".gc-check .gc-button").first.click()
    early.is_early()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(form.notice).to_be_empty()
