"""Sign-up without a mouse, and the agreements in their dialog."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from guance_portal.onboarding import agreements
from guance_portal.onboarding.agreements import AgreementKind
from tests.e2e.screens.sign_up import (
    COMPANY,
    BasicScreen,
    CompanyScreen,
    DoneScreen,
    FreeScreen,
    SettlementScreen,
    code_in,
    hold,
)
from tests.e2e.test_keyboard import tab_to
from tests.support.axe import violations
from tests.support.mailbox import Mailbox
from tests.support.newcomers import at_step_two, newcomer, outcome
from tests.support.people import People


def test_step_one_takes_no_mouse(page: Page, mailbox: Mailbox) -> None:
    who = newcomer(site="cn2")
    basic = BasicScreen(page).open()
    tab_to(page, basic.choice("site"))
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    for field, typed in (
        (basic.box("username"), who.username),
        (basic.password, who.password),
        (basic.box("email"), who.email),
    ):
        tab_to(page, field)
        page.keyboard.type(typed)
    expect(basic.choice("site")).to_have_value("cn2")
    tab_to(page, basic.send_code)
    page.keyboard.press("Enter")
    code = code_in(mailbox, who.email)
    tab_to(page, basic.box("code"), "Shift+Tab")
    page.keyboard.type(code)
    tab_to(page, basic.box("phone"))
    page.keyboard.type(who.phone)
    tab_to(page, basic.button("下一步"))
    page.keyboard.press("Enter")
    CompanyScreen(page).stands_at(CompanyScreen.path)


def test_steps_two_and_three_and_the_way_on_take_no_mouse(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    tab_to(page, company.box("company_name"))
    page.keyboard.type(COMPANY)
    for name in ("industry", "region"):
        tab_to(page, company.choice(name))
        for key in ("Space", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        expect(company.choice(name)).not_to_have_value("")
    tab_to(page, company.box("contact"))
    page.keyboard.type("林知夏")
    tab_to(page, company.agreement)
    page.keyboard.press("Space")
    expect(company.agreement).to_be_checked()
    tab_to(page, company.button("注册"))
    page.keyboard.press("Enter")

    settlement = SettlementScreen(page)
    settlement.shows()
    tab_to(page, settlement.box("workspace_name"))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("云帆-键盘")
    tab_to(page, settlement.method("enterprise"))
    page.keyboard.press("ArrowDown")
    expect(settlement.method("aliyun")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(settlement.method("enterprise")).to_be_checked()
    tab_to(page, settlement.button("确定"))
    page.keyboard.press("Enter")

    done = DoneScreen(page)
    done.stands_at(done.path)
    done.says("云帆-键盘")
    tab_to(page, done.main.get_by_role("link", name="继续"))
    page.keyboard.press("Enter")
    done.stands_at("/welcome")


def test_the_free_edition_takes_no_mouse(page: Page, people: People, mailbox: Mailbox) -> None:
    who = newcomer()
    free = FreeScreen(page).open()
    for field, typed in (
        (free.box("username"), who.username),
        (free.password, who.password),
        (free.box("email"), who.email),
    ):
        tab_to(page, field)
        page.keyboard.type(typed)
    tab_to(page, free.send_code)
    page.keyboard.press("Enter")
    code = code_in(mailbox, who.email)
    tab_to(page, free.box("code"), "Shift+Tab")
    page.keyboard.type(code)
    tab_to(page, free.box("phone"))
    page.keyboard.type(who.phone)
    for box in (free.switch, free.agreement):
        tab_to(page, box)
        page.keyboard.press("Space")
        expect(box).to_be_checked()
    tab_to(page, free.button("注册"))
    page.keyboard.press("Enter")
    free.stands_at("/welcome")
    assert outcome(people, who.email).counts == (1, 1, 1)


@pytest.mark.parametrize("close", ["Escape", "cross", "button"])
def test_an_agreement_is_read_in_a_dialog_and_agreed_to_only_by_its_box(page: Page, people: People, close: str) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    expect(company.agreement).not_to_be_checked()
    agreement = agreements.current(AgreementKind.COMMERCIAL)
    opener = company.button(f"《{agreement.title.zh}》")
    opener.click()
    dialog = page.get_by_role("dialog", name=agreement.title.zh, exact=True)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(f"版本 {agreement.version}")
    expect(dialog.get_by_role("heading", level=3)).not_to_have_count(0)
    if close == "Escape":
        page.keyboard.press(close)
    else:
        dialog.get_by_role("button", name={"cross": "关闭", "button": "我知道了"}[close], exact=True).click()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    expect(company.agreement).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()


def test_each_agreement_opens_its_own_text_and_the_dialog_is_accessible(page: Page) -> None:
    # Without motion, so that no colour is measured half-way.
    page.emulate_media(reduced_motion="reduce")
    free = FreeScreen(page).open()
    for kind in (AgreementKind.FREE, AgreementKind.PRIVACY):
        title = agreements.current(kind).title.zh
        free.button(f"《{title}》").click()
        dialog = page.get_by_role("dialog", name=title, exact=True)
        expect(dialog).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
