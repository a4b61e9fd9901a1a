"""What is wrong with a field shows once it is left, and goes while it is put right; nothing waits for the submit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from guance_portal.core.forms import FieldKind
from guance_portal.core.messages import Text, text
from guance_portal.payers.company import CompanyForm
from tests.e2e.screens.screen import Screen
from tests.e2e.screens.sign_up import BasicScreen, CompanyScreen, FreeScreen, hold
from tests.e2e.screens.upgrade import UpgradeScreen
from tests.support.companies import owner_of
from tests.support.newcomers import at_step_two, with_free_workspace
from tests.support.people import People
from tests.support.sign_up import COMPANY

LANGUAGES = pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
EXAMPLES = pytest.mark.parametrize(
    ("name", "wrong", "problem", "right"),
    [
        ("email", "li@@yunfan", text("errors.email_invalid"), "li@yunfan.example"),
        ("phone", "1380013", text("errors.phone_length", count=7), "13800138000"),
        ("password", "password1", text("errors.password_weak"), "violet kettle marches north"),
    ],
)


def visit(new_page: Callable[..., Page], *, english: bool) -> Page:
    return new_page(locale="en-US" if english else "zh-CN")


def is_wrong(field: Locator, words: str) -> None:
    expect(field).to_have_accessible_description(re.compile(f"^{re.escape(words)}"))
    expect(field).to_have_attribute("aria-invalid", "true")


def is_right(field: Locator) -> None:
    expect(field).to_have_attribute("aria-invalid", "false")


@LANGUAGES
@pytest.mark.parametrize("screen", [BasicScreen, FreeScreen])
@EXAMPLES
def test_a_field_of_sign_up_shows_its_problem_when_it_is_left(
    new_page: Callable[..., Page],
    screen: type[BasicScreen],
    *,
    english: bool,
    name: str,
    wrong: str,
    problem: Text,
    right: str,
) -> None:
    basic = screen(visit(new_page, english=english), english=english).open()
    field, said = basic.box(name), problem.en if english else problem.zh
    basic.choice("site").select_option("cn1")
    field.press_sequentially(wrong)
    expect(field).to_be_focused()
    is_right(field)
    field.press("Tab")
    is_wrong(field, said)
    expect(basic.summary).to_have_count(0)
    field.fill(right)
    is_right(field)


@LANGUAGES
@pytest.mark.parametrize("name", ["email", "password"])
def test_a_field_of_a_new_account_that_pays_shows_its_problem_when_it_is_left(
    new_page: Callable[..., Page],
    people: People,
    *,
    english: bool,
    name: str,
) -> None:
    examples = {
        "email": ("li@@yunfan", text("errors.email_invalid"), "li@yunfan.example"),
        "password": ("password1", text("errors.password_weak"), "violet kettle marches north"),
    }
    wrong, problem, right = examples[name]
    who = with_free_workspace(people, opens_fee_account=False)
    page = new_page(who, locale="en-US" if english else "zh-CN")
    opening = UpgradeScreen(page, english=english).open("?dialog=register").opening.is_open()
    field = opening.field(f"sign_up.{name}")
    field.fill(wrong)
    is_right(field)
    field.press("Tab")
    is_wrong(field, problem.en if english else problem.zh)
    expect(opening.summary).to_have_count(0)
    field.fill(right)
    is_right(field)


def test_an_empty_field_that_is_left_is_not_called_wrong(page: Page) -> None:
    basic = BasicScreen(page).open()
    for name in ("username", "password", "email", "code", "phone"):
        basic.box(name).focus()
    basic.choice("site").focus()
    basic.box("email").fill("li@@yunfan")
    basic.box("phone").focus()
    is_wrong(basic.box("email"), text("errors.email_invalid").zh)
    expect(basic.main.locator("[aria-invalid=true]")).to_have_count(1)


def test_the_number_is_judged_again_when_the_site_changes(page: Page) -> None:
    basic = BasicScreen(page).open()
    basic.choice("site").select_option("cn1")
    basic.box("phone").fill("2025550123")
    basic.box("phone").press("Tab")
    is_wrong(basic.box("phone"), text("errors.phone_not_mobile").zh)
    basic.choice("site").select_option("us1")
    is_right(basic.box("phone"))


def test_a_button_is_pressed_though_the_field_before_it_turns_wrong(page: Page, people: People) -> None:
    """The words below a field move what stands under it: that waits until the press is over."""
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    company.box("uscc").fill("123")
    button = company.button(company.message("sign_up.register"))
    button.scroll_into_view_if_needed()
    expect(company.box("uscc")).to_be_focused()
    place = button.bounding_box()
    assert place
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(400)
    expect(company.main.locator("[aria-invalid=true]")).to_have_count(0)
    page.mouse.up()
    expect(company.summary).to_be_focused()
    is_wrong(company.box("uscc"), text("errors.uscc_length", count=3).zh)


def test_every_field_of_the_company_is_saved_and_shown(new_page: Callable[..., Page], people: People) -> None:
    account = Screen(new_page(people.sign_in(people.payer())))
    account.page.goto("/fee-center/account")
    account.button(text("fee_company.empty_action").zh).click()
    dialog = account.page.get_by_role("dialog", name=text("fee_company.edit_title").zh)
    for name, asked in CompanyForm.asked().items():
        field, value = dialog.get_by_label(text(asked.label).zh, exact=True), getattr(COMPANY, name)
        if asked.kind is FieldKind.CHOICE:
            field.select_option(value)
        else:
            field.fill(value)
    dialog.get_by_role("button", name=text("fee_company.save").zh, exact=True).click()
    expect(dialog).to_have_count(0)
    names = COMPANY.names()
    for name, value in COMPANY.texts().items():
        shown = names[name].zh if name in names else value
        expect(account.main.get_by_role("definition").filter(has_text=shown)).to_have_count(1)


def test_an_address_in_the_dialogs_shows_its_problem_when_it_is_left(
    new_page: Callable[..., Page], people: People
) -> None:
    members = Screen(new_page(owner_of(people)))
    members.page.goto("/workspace/members")
    members.button(text("members.invite").zh).click()
    dialog = members.page.get_by_role("dialog", name=text("members.invite").zh)
    field = dialog.get_by_role("textbox", name=text("members.email").zh, exact=True)
    field.fill("li@@yunfan")
    field.press("Tab")
    is_wrong(field, text("errors.email_invalid").zh)
    field.fill("li@yunfan.example")
    is_right(field)


def test_a_field_of_the_company_shows_its_problem_in_both_places(
    new_page: Callable[..., Page], page: Page, people: People
) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    company.box("uscc").fill("123")
    company.box("contact").focus()
    is_wrong(company.box("uscc"), text("errors.uscc_length", count=3).zh)
    account = Screen(new_page(people.sign_in(people.payer())))
    account.page.goto("/fee-center/account")
    account.button(text("fee_company.empty_action").zh).click()
    dialog = account.page.get_by_role("dialog", name=text("fee_company.edit_title").zh)
    field = dialog.get_by_role("textbox", name=text("sign_up.uscc").zh, exact=True)
    field.fill("123")
    field.press("Tab")
    is_wrong(field, text("errors.uscc_length", count=3).zh)
    field.fill("91350100M000100Y43")
    field.press("Tab")
    is_right(field)
