"""Codes by e-mail as the pages answer to them, and what somebody learns who tries the address of another."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from guance_portal.accounts.codes.rules import TRIES
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import BasicScreen, CompanyScreen, code_in, other_than
from tests.support.mailbox import Mailbox, links, text_of
from tests.support.newcomers import let_codes_age, newcomer, outcome
from tests.support.people import People


def try_code(basic: BasicScreen, code: str, problem: str, **params: object) -> None:
    """Send the form with a code that is refused in these words, alone."""
    basic.box("code").fill(code)
    basic.press("next")
    basic.refuses([(basic.box("code"), "sign_up.code", message(f"errors.{problem}", **params))])


def test_a_wrong_code_says_how_many_tries_are_left_and_dies_of_the_last(page: Page, mailbox: Mailbox) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.get_code(who.email)
    code = code_in(mailbox, who.email)
    for left in range(TRIES - 1, 0, -1):
        try_code(basic, other_than(code), "code_wrong", left=left)
    try_code(basic, other_than(code), "code_spent")
    try_code(basic, code, "code_spent")


def test_only_the_newest_code_works_and_only_for_ten_minutes(page: Page, people: People, mailbox: Mailbox) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.get_code(who.email)
    first = code_in(mailbox, who.email)
    expect(basic.send_code).to_have_text(re.compile(r"^\d+ 秒后重发$"))
    expect(basic.send_code).to_have_attribute("aria-disabled", "true")
    let_codes_age(people, who.email, minutes=11)
    try_code(basic, first, "code_expired")

    page.reload()
    basic.password.fill(who.password)
    basic.get_code(who.email)
    second = code_in(mailbox, who.email, 2)
    try_code(basic, first, "code_superseded")
    try_code(basic, other_than(second), "code_wrong", left=TRIES - 1)
    basic.box("code").fill(f"{second[:3]} {second[3:]}")
    basic.press("next")
    CompanyScreen(page).stands_at(CompanyScreen.path)


def test_a_changed_address_needs_a_code_of_its_own_at_once(page: Page, mailbox: Mailbox) -> None:
    who, mistyped = newcomer(), newcomer().email
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.box("email").fill(mistyped)
    basic.get_code(mistyped)
    old = code_in(mailbox, mistyped)
    basic.box("email").fill(who.email)
    basic.box("phone").focus()
    expect(basic.send_code).to_have_text("获取验证码")
    expect(basic.box("code")).not_to_have_accessible_description(re.compile(re.escape(mistyped)))
    try_code(basic, old, "code_dead")
    basic.get_code(who.email)
    basic.box("code").fill(code_in(mailbox, who.email))
    basic.press("next")
    CompanyScreen(page).stands_at(CompanyScreen.path)


def test_a_second_code_before_its_time_is_refused_in_seconds(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    who = newcomer()
    for first in (True, False):
        basic = BasicScreen(new_page()).open()
        basic.describe(who)
        if first:
            basic.get_code(who.email)
        else:
            let_codes_age(people, who.email, seconds=1)
            basic.send_code.click()
            expect(basic.box("code")).to_have_accessible_description(re.compile(r"^请在 \d\d 秒后重新获取验证码。"))
            expect(basic.send_code).to_have_text(re.compile(r"^\d\d 秒后重发$"))
    assert len(mailbox.to(who.email)) == 1


def test_a_registered_address_looks_like_a_free_one_and_only_its_owner_learns_the_truth(
    new_page: Callable[..., Page], people: People, mailbox: Mailbox
) -> None:
    owner, free = people.user(site="cn1"), newcomer()
    seen: list[str] = []
    for email in (free.email, owner.email):
        basic = BasicScreen(new_page()).open()
        basic.describe(free)
        basic.box("email").fill(email)
        basic.get_code(email)
        expect(basic.main.get_by_role("status").filter(has_text=message("sign_up.username_free"))).to_be_visible()
        mailbox.wait_for(email)
        try_code(basic, "000000" if email == owner.email else other_than(code_in(mailbox, email)), "code_wrong", left=4)
        seen.append(re.sub(r"\d+ 秒后重发", "", basic.main.inner_text().replace(email, "")))
    assert seen[0] == seen[1]
    sent = mailbox.wait_for(owner.email)
    assert sent["Subject"] == message("mail.already_registered.subject")
    assert not re.search(r"(?<!\d)\d{6}(?!\d)", re.sub(r"\S*@\S*|https?://\S+", "", text_of(sent)))
    assert any(link.endswith("/login") for link in links(sent))
    assert any(link.endswith("/forgot-password") for link in links(sent))
    assert len(outcome(people, owner.email).users) == 1


def test_the_same_address_may_sign_up_at_another_site(page: Page, people: People, mailbox: Mailbox) -> None:
    owner, who = people.user(site="cn1"), newcomer(site="cn1")
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.box("email").fill(owner.email)
    basic.get_code(owner.email)
    mailbox.wait_for(owner.email)
    basic.choice("site").select_option("cn2")
    expect(basic.send_code).to_have_text("获取验证码")
    basic.get_code(owner.email)
    basic.box("code").fill(code_in(mailbox, owner.email, 2))
    basic.press("next")
    company = CompanyScreen(page)
    company.stands_at(company.path)
    company.complete()
    company.press("register")
    company.stands_at("/register/commercial/settlement")
    assert sorted(user.site for user in outcome(people, owner.email).users) == ["cn1", "cn2"]


def test_who_fills_in_the_field_that_people_cannot_see_gets_no_mail(
    new_page: Callable[..., Page], mailbox: Mailbox
) -> None:
    who, person = newcomer(), newcomer()
    basic = BasicScreen(new_page()).open()
    honeypot = basic.page.get_by_label(message("sign_up.website"), exact=True)
    expect(honeypot).not_to_be_in_viewport()
    assert honeypot.get_attribute("tabindex") == "-1"
    honeypot.fill("https://buy.example")
    basic.describe(who)
    basic.get_code(who.email)
    other = BasicScreen(new_page()).open()
    other.box("email").fill(person.email)
    other.box("phone").focus()
    other.get_code(person.email)
    mailbox.wait_for(person.email)
    assert not mailbox.to(who.email)


def test_whose_password_manager_filled_that_field_is_told_and_gets_the_code_once_it_is_empty(
    page: Page, mailbox: Mailbox
) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    told = basic.main.get_by_role("status").filter(has_text=message("sign_up.website_filled"))
    basic.page.get_by_label(message("sign_up.website"), exact=True).evaluate(
        """field => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, "https://mine.example");
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }"""
    )
    expect(told).to_be_visible()
    shown = basic.box("website")
    expect(shown).to_be_visible()
    expect(shown).to_have_accessible_description(message("sign_up.website_filled"))
    shown.fill("")
    expect(told).to_be_hidden()
    basic.describe(who)
    basic.get_code(who.email)
    assert code_in(mailbox, who.email)
