"""The list of devices, and ending one, the others, all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guance_portal.core.actor import Realm
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SignInScreen
from tests.support.people import People


def test_the_list_names_device_and_place_and_marks_this_one(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    here = AccountScreen(new_page(people.sign_in(person))).open()
    people.sign_in(person)
    here.open()
    expect(here.devices).to_have_count(2)
    first = here.devices.first
    expect(first).to_contain_text("本机")
    expect(first).to_contain_text("Chrome")
    expect(first).to_contain_text("UTC+8")
    expect(first.get_by_role("button", name="结束登录")).to_have_count(0)
    expect(here.devices.last.get_by_role("button", name="结束登录")).to_be_visible()


@pytest.mark.parametrize("realm", list(Realm))
def test_ending_one_device_signs_out_that_one_alone(
    new_page: Callable[..., Page], people: People, realm: Realm
) -> None:
    person = people.any(realm)
    mine, *others = (people.sign_in(person) for _ in range(3))
    here = AccountScreen(new_page(mine), realm).open()
    expect(here.devices).to_have_count(3)
    here.devices.nth(2).get_by_role("button", name="结束登录").click()
    expect(here.notice).to_contain_text(message("security.ended_one"))
    expect(here.devices).to_have_count(2)
    assert people.sessions_of(mine)
    [kept] = [one for one in others if people.sessions_of(one)]
    [ended] = [one for one in others if one is not kept]
    still_in, out = (AccountScreen(new_page(session), realm) for session in (kept, ended))
    still_in.open().shows(person)
    out.open()
    out.stands_at(SignInScreen(out.page, realm).path)


def test_ending_the_others_leaves_this_one(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    here, there = (AccountScreen(new_page(people.sign_in(person))).open() for _ in range(2))
    there.shows(person)
    here.page.reload()
    expect(here.devices).to_have_count(2)
    here.button("结束其他全部登录").click()
    expect(here.notice).to_contain_text(message("security.ended_others"))
    expect(here.devices).to_have_count(1)
    there.button("结束其他全部登录").click()
    there.stands_at("/login")


@pytest.mark.parametrize("realm", list(Realm))
def test_ending_everything_asks_first_and_then_leaves(
    new_page: Callable[..., Page], people: People, realm: Realm
) -> None:
    person = people.any(realm)
    session = people.sign_in(person)
    here = AccountScreen(new_page(session), realm).open()
    here.button("全部退出，包括本机").click()
    expect(here.end_all_dialog).to_be_visible()
    here.end_all_dialog.get_by_role("button", name="取消").click()
    expect(here.end_all_dialog).to_be_hidden()
    assert len(people.sessions_of(session)) == 1
    here.button("全部退出，包括本机").click()
    here.end_all_dialog.get_by_role("button", name="全部退出", exact=True).click()
    sign_in = SignInScreen(here.page, realm)
    sign_in.stands_at(sign_in.path)
    assert not people.sessions_of(session)
    names = [cookie.get("name") for cookie in here.page.context.cookies()]
    assert not {"gc_console", "gc_fee", "gc_operator"} & set(names)


def test_two_tabs_keep_what_the_other_did(new_page: Callable[..., Page], people: People) -> None:
    person = people.user()
    one = AccountScreen(new_page(people.sign_in(person))).open()
    two = AccountScreen(one.page.context.new_page())
    people.sign_in(person)
    two.open()
    expect(two.devices).to_have_count(2)
    one.button("结束其他全部登录").click()
    expect(one.devices).to_have_count(1)
    two.devices.last.get_by_role("button", name="结束登录").click()
    expect(two.notice).to_contain_text(message("errors.session_gone"))
    expect(two.devices).to_have_count(1)
