"""Pressed twice, or in two tabs at once: one account, one workspace, and everybody arrives."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from guance_portal import routes
from guance_portal.accounts.codes.rules import TRIES
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import (
    BasicScreen,
    CompanyScreen,
    DoneScreen,
    EditionScreen,
    FreeScreen,
    SettlementScreen,
    code_in,
    hold,
    other_than,
)
from tests.support.mailbox import Mailbox
from tests.support.newcomers import at_step_three, at_step_two, newcomer, outcome
from tests.support.people import People

# While the browser waits for the next page: each field that is left sends an event, for which the page connects again.
LEAVE_FIELDS = """() => addEventListener("beforeunload", () => setTimeout(() => {
  for (const field of document.querySelectorAll("main input")) field.focus();
}, 100))"""
PRESS_TWICE = "(button) => { button.click(); button.click(); }"


def test_pressing_twice_makes_one_account_and_one_workspace(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()
    company.button("注册").evaluate(PRESS_TWICE)
    settlement = SettlementScreen(page)
    settlement.shows()
    assert outcome(people, who.email).counts == (1, 1, 0)
    settlement.button("确定").evaluate(PRESS_TWICE)
    DoneScreen(page).stands_at(DoneScreen.path)
    assert outcome(people, who.email).counts == (1, 1, 1)


def test_a_ticket_is_posted_once_whatever_is_done_before_the_answer(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    posts: list[str | None] = []
    page.on("request", lambda request: posts.append(request.post_data) if request.method == "POST" else None)

    def answer_late(route: Route) -> None:
        page.wait_for_timeout(1_500)
        route.continue_()

    company = CompanyScreen(page).open()
    page.route(f"**{routes.SESSION_OPEN}", answer_late)
    page.evaluate(LEAVE_FIELDS)
    company.complete()
    company.press("register")
    SettlementScreen(page).shows()
    assert len(posts) == 1


def test_two_tabs_make_one_account_and_both_go_on(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    tabs = [CompanyScreen(page).open(), CompanyScreen(page.context.new_page())]
    tabs[0].describe()
    tabs[1].open()
    for tab in tabs:
        tab.complete()
    for tab in tabs:
        tab.press("register")
    for tab in tabs:
        tab.stands_at(SettlementScreen.path)
    assert outcome(people, who.email).counts == (1, 1, 0)


def test_two_tabs_of_the_last_step_open_one_workspace(page: Page, people: People) -> None:
    who = at_step_three(people)
    hold(page, who)
    tabs = [SettlementScreen(page).open(), SettlementScreen(page.context.new_page()).open()]
    for tab in tabs:
        tab.press("confirm")
    for tab in tabs:
        tab.stands_at(DoneScreen.path)
    assert outcome(people, who.email).counts == (1, 1, 1)


def test_pressing_twice_opens_one_free_workspace(page: Page, people: People, mailbox: Mailbox) -> None:
    who = newcomer()
    free = FreeScreen(page).open()
    free.complete(who, mailbox)
    free.switch.check()
    free.agreement.check()
    free.button("注册").evaluate(PRESS_TWICE)
    free.stands_at("/welcome")
    assert outcome(people, who.email).counts == (1, 1, 1)


def test_pressing_twice_with_a_wrong_code_costs_one_try(page: Page, mailbox: Mailbox) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.complete(who, mailbox)
    wrong = other_than(code_in(mailbox, who.email))
    basic.box("code").fill(wrong)
    basic.button("下一步").evaluate(PRESS_TWICE)
    basic.refuses([(basic.box("code"), "sign_up.code", message("errors.code_wrong", left=TRIES - 1))])
    basic.button("下一步").dblclick()
    basic.refuses([(basic.box("code"), "sign_up.code", message("errors.code_wrong", left=TRIES - 2))])
    basic.press("next")
    basic.refuses([(basic.box("code"), "sign_up.code", message("errors.code_wrong", left=TRIES - 3))])


def test_after_pressing_twice_back_leads_to_step_one(page: Page, mailbox: Mailbox) -> None:
    EditionScreen(page).open().choose("commercial")
    basic, company = BasicScreen(page), CompanyScreen(page)
    basic.stands_at(basic.path)
    basic.complete(newcomer(), mailbox)
    basic.button("下一步").evaluate(PRESS_TWICE)
    company.stands_at(company.path)
    expect(company.box("company_name")).to_be_visible()
    page.go_back()
    basic.stands_at(basic.path)
    basic.is_accepted()
    basic.press("next")
    company.stands_at(company.path)


def test_asking_twice_for_a_code_sends_one_and_is_no_problem(page: Page, mailbox: Mailbox) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.send_code.evaluate(PRESS_TWICE)
    expect(basic.box("code")).to_have_accessible_description(message("sign_up.code_sent", email=who.email))
    basic.box("code").fill(code_in(mailbox, who.email))
    basic.press("next")
    CompanyScreen(page).stands_at(CompanyScreen.path)
    assert len(mailbox.to(who.email)) == 1


def test_an_address_put_right_at_once_gets_its_code_at_once(page: Page, mailbox: Mailbox) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.box("email").fill("lin@")
    basic.send_code.click()
    expect(basic.box("email")).to_have_attribute("aria-invalid", "true")
    basic.box("email").fill(who.email)
    basic.get_code(who.email)
    assert len(mailbox.to(who.email)) == 1
