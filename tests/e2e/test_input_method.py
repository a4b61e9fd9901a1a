"""Typing with an input method: nothing is judged, kept or searched before it is committed."""

from __future__ import annotations

from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import BasicScreen


def compose(keyboard: CDPSession, *steps: str) -> None:
    """Show what an input method puts together, as each further key changes it."""
    for step in steps:
        keyboard.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})


def test_a_username_is_judged_once_it_is_committed(page: Page) -> None:
    basic = BasicScreen(page).open()
    name, keyboard = basic.box("username"), page.context.new_cdp_session(page)
    name.focus()
    page.evaluate(
        "window.heard = []; document.addEventListener('input', ({ target }) => window.heard.push(target.value))"
    )
    compose(keyboard, "z", "zhang", "zhang s", "zhang san")
    expect(name).to_have_value("zhang san")
    assert page.evaluate("window.heard") == []
    keyboard.send("Input.insertText", {"text": "张三丰"})
    expect(name).to_have_value("张三丰")
    expect(basic.main.get_by_role("status").filter(has_text=message("sign_up.username_free"))).to_be_visible()
    assert set(page.evaluate("window.heard")) == {"张三丰"}
    expect(name).to_have_attribute("aria-invalid", "false")
    page.reload()
    expect(name).to_have_value("张三丰")
