"""Pressed twice, or in two tabs at once: one account, one workspace, and everybody arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.screens.sign_up import CompanyScreen, DoneScreen, FreeScreen, SettlementScreen, hold
from tests.support.newcomers import at_step_three, at_step_two, newcomer, outcome

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.mailbox import Mailbox
    from tests.support.people import People

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
