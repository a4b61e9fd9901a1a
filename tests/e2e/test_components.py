"""The components by keyboard and hand, in the style guide that shows them all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import ConsoleGuard
from tests.e2e.screens.screen import message, runs
from tests.e2e.screens.style_guide import StyleGuideScreen

_BYTES = """() => performance.getEntriesByType("resource")
  .filter((entry) => /[.](js|css)$/.test(entry.name))
  .map((entry) => [entry.name.split(".").at(-1), entry.encodedBodySize])"""


_CLOSINGS_ARE_TOLD_LATE = """() => {
  const closed = [];
  addEventListener("close", (event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    closed.push(event.target);
  }, true);
  window.tellClosings = () => closed.forEach((dialog) => dialog.dispatchEvent(new Event("close")));
}"""


def _left(part: Locator) -> int:
    box = part.bounding_box()
    assert box
    return round(box["x"])


@pytest.fixture
def style_guide(new_page: Callable[..., Page]) -> StyleGuideScreen:
    """The page that shows every component, with all that moves."""
    return StyleGuideScreen(new_page(reduced_motion="no-preference")).open()


def test_a_refused_form_moves_the_focus_to_its_problems_and_they_lead_to_their_fields(
    style_guide: StyleGuideScreen,
) -> None:
    style_guide.button("提交").click()
    expect(style_guide.summary).to_be_focused()
    expect(style_guide.summary).to_contain_text("还有 2 处需要修改")
    style_guide.summary.get_by_role("link", name=re.compile("登录密码")).click()
    password = style_guide.main.locator("#field-sample_password")
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description(message("style_guide.form.short"))


@pytest.mark.parametrize("way", ["cross", "escape", "backdrop", "cancel"])
def test_a_dialog_takes_the_focus_and_gives_it_back_however_it_is_closed(
    style_guide: StyleGuideScreen, way: str
) -> None:
    style_guide.opener.click()
    expect(style_guide.dialog).to_be_visible()
    expect(style_guide.dialog.get_by_label("费用中心用户名")).to_be_focused()
    match way:
        case "cross":
            style_guide.dialog.get_by_role("button", name="关闭").click()
        case "escape":
            style_guide.page.keyboard.press("Escape")
        case "backdrop":
            style_guide.page.mouse.click(5, 5)
        case _:
            style_guide.dialog.get_by_role("button", name="取消").click()
    expect(style_guide.dialog).to_be_hidden()
    expect(style_guide.opener).to_be_focused()
    style_guide.opener.click()
    expect(style_guide.dialog).to_be_visible()


def test_a_dialog_that_is_open_again_before_the_browser_says_it_was_closed_stays_open(
    style_guide: StyleGuideScreen,
) -> None:
    style_guide.page.evaluate(_CLOSINGS_ARE_TOLD_LATE)
    style_guide.opener.click()
    style_guide.dialog.get_by_role("button", name="取消").click()
    style_guide.opener.click()
    expect(style_guide.dialog).to_be_visible()
    style_guide.page.evaluate("tellClosings()")
    # What the page asks for is answered in order.
    style_guide.main.get_by_role(
        "radio", name=message("style_guide.tab.yesterday"), include_hidden=True
    ).dispatch_event("click")
    expect(
        style_guide.main.get_by_role("radio", name=message("style_guide.tab.yesterday"), include_hidden=True)
    ).to_be_checked()
    expect(style_guide.dialog).to_be_visible()


def test_a_dialog_is_a_sheet_from_below_on_phones(new_page: Callable[..., Page]) -> None:
    style_guide = StyleGuideScreen(new_page(viewport={"width": 390, "height": 844})).open()
    style_guide.opener.click()
    expect(style_guide.dialog).to_be_visible()
    box = style_guide.dialog.bounding_box()
    assert box
    assert (round(box["y"] + box["height"]), round(box["x"])) == (844, 0)


def test_on_phones_what_is_compared_still_stands_below_its_heads(new_page: Callable[..., Page]) -> None:
    style_guide = StyleGuideScreen(new_page(viewport={"width": 390, "height": 844})).open()
    compared = style_guide.page.get_by_role("table", name=message("style_guide.comparison"), exact=True)
    free, commercial = compared.get_by_role("columnheader").locator("visible=true").filter(has_text="版").all()
    row = compared.get_by_role("row", name=message("style_guide.quota.trace"))
    assert [_left(cell) for cell in row.get_by_role("cell").all()] == [_left(free), _left(commercial)]
    assert _left(row.get_by_role("rowheader")) == _left(free) < _left(commercial)


def test_a_menu_is_used_with_the_arrow_keys_and_gives_the_focus_back(style_guide: StyleGuideScreen) -> None:
    button = style_guide.page.get_by_role("button", name="切换主题")
    button.focus()
    style_guide.page.keyboard.press("ArrowDown")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(style_guide.page.get_by_role("menuitemradio", name="跟随系统")).to_be_focused()
    style_guide.page.keyboard.press("ArrowUp")
    expect(style_guide.page.get_by_role("menuitemradio", name="深色")).to_be_focused()
    style_guide.page.keyboard.press("Enter")
    expect(style_guide.page.locator("html")).to_have_class("dark")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()


def test_a_chosen_theme_is_there_before_the_first_paint(
    new_page: Callable[..., Page], console_guard: ConsoleGuard
) -> None:
    console_guard.expect("net::ERR_FAILED")
    console_guard.expect("Failed to fetch dynamically imported module")
    page = new_page(color_scheme="light")
    StyleGuideScreen(page).open().choose_theme("深色")
    expect(page.locator("html")).to_have_class("dark")
    # No script of the build may run: what is dark now was dark before React.
    page.route("**/assets/*.js", lambda route: route.abort())
    page.reload(wait_until="commit")
    expect(page.locator("html")).to_have_class("dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(17, 17, 19)"


def test_the_workspace_list_is_narrowed_by_typing(style_guide: StyleGuideScreen) -> None:
    style_guide.workspaces.click()
    expect(style_guide.page.get_by_role("searchbox", name="搜索工作空间")).to_be_focused()
    style_guide.page.keyboard.type("TRIAL")
    expect(style_guide.places).to_have_text(["yyunfan-trial体验版"])
    style_guide.page.keyboard.press("ArrowDown")
    expect(style_guide.places).to_be_focused()
    style_guide.page.get_by_role("searchbox").fill("nothing like this")
    expect(style_guide.page.get_by_text(message("workspace.nothing"))).to_be_visible()


def test_a_password_can_be_shown_and_hidden(style_guide: StyleGuideScreen) -> None:
    password = style_guide.main.locator("#field-sample_password")
    password.fill("correct horse")
    shell = password.locator("xpath=..")
    shell.get_by_role("button", name="显示密码").click()
    expect(password).to_have_attribute("type", "text")
    expect(password).to_have_value("correct horse")
    shell.get_by_role("button", name="隐藏密码").click()
    expect(password).to_have_attribute("type", "password")


def test_a_busy_button_keeps_its_name_and_does_nothing(style_guide: StyleGuideScreen) -> None:
    style_guide.button("切换加载状态").click()
    busy = style_guide.main.locator(".gc-button[aria-busy=true]")
    expect(busy).to_have_count(5)  # one of each kind, and the one of the dialog
    expect(busy.first).to_have_accessible_name("升级")
    expect(busy.first).to_have_attribute("aria-disabled", "true")


def test_problems_stay_until_closed_and_other_notices_leave(style_guide: StyleGuideScreen) -> None:
    style_guide.button("显示问题提示").click()
    expect(style_guide.notice).to_contain_text(message("style_guide.toast.unsaved"))
    # Other notices leave after five seconds. That this one stays can only be seen by waiting longer.
    style_guide.page.wait_for_timeout(6000)
    expect(style_guide.notice).to_contain_text(message("style_guide.toast.unsaved"))
    style_guide.notice.get_by_role("button", name="关闭提示").click()
    expect(style_guide.notice).to_be_empty()
    style_guide.page.mouse.move(5, 5)
    style_guide.button("显示成功提示").click()
    expect(style_guide.notice).to_contain_text(message("style_guide.toast.copied"))
    expect(style_guide.notice).to_be_empty(timeout=8000)


def test_a_page_that_breaks_says_so_with_a_number_and_a_way_on(page: Page, console_guard: ConsoleGuard) -> None:
    console_guard.expect("boom")
    console_guard.expect("Minified React error")

    def break_it(route: Route) -> None:
        answer = route.fetch()
        source = re.sub(r"""[`"]gc-sheet[`"]""", "(()=>{throw new TypeError(`boom`)})()", answer.text())
        route.fulfill(body=source, content_type="text/javascript", headers={"cache-control": "no-store"})

    page.route(re.compile(r"/assets/[^/]*style-guide[^/]*\.js"), break_it)
    page.goto(StyleGuideScreen.path)
    broken = page.locator("main.gc-fault-page")  # the style_guide shows a sample of such a page, too
    expect(broken.get_by_role("heading", name=message("crash.title"))).to_be_visible()
    expect(broken).to_contain_text(re.compile(r"e-[0-9a-f]{12}"))
    page.unroute_all()
    broken.get_by_role("button", name="重新加载").click()
    runs(page)
    expect(page.get_by_role("heading", name="组件状态")).to_be_visible()


def test_a_public_page_is_light(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/login", wait_until="networkidle")
    sizes: list[tuple[str, int]] = [(kind, size) for kind, size in page.evaluate(_BYTES)]
    assert sizes
    assert sum(size for _, size in sizes) < 165_000
    assert sum(size for kind, size in sizes if kind == "css") < 12 * 1024
