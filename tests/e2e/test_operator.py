"""An operator's way in: initial password, authenticator, recovery codes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pyotp.totp import TOTP

from guance_portal.core.actor import Realm
from tests.e2e.screens.account import AccountScreen
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_in import SecondStep, SignInScreen
from tests.support.mailbox import Mailbox
from tests.support.people import NEW_PASSWORD, People


def test_the_first_sign_in_enrols_an_authenticator_and_replaces_the_initial_password(
    new_page: Callable[..., Page], people: People
) -> None:
    person = people.new_operator()
    page = new_page()
    SignInScreen(page, Realm.OPERATOR).open().sign_in(person)
    step = SecondStep(page)
    expect(step.main.get_by_role("img", name="身份验证器二维码")).to_be_visible()
    secret, codes = step.secret(), step.recovery_codes()
    assert len(set(codes)) == 10
    step.field("新密码").fill(person.password)
    step.verify(TOTP(secret).now())
    expect(step.summary).to_contain_text("新密码")
    step.field("新密码").fill(NEW_PASSWORD)
    step.verify(TOTP(secret).now())
    account = AccountScreen(page, Realm.OPERATOR)
    account.shows(person)

    again = new_page()
    SignInScreen(again, Realm.OPERATOR).open().sign_in(person)
    expect(SignInScreen(again).summary).to_contain_text(message("errors.wrong_login_operator"))
    SignInScreen(again, Realm.OPERATOR).sign_in(person, password=NEW_PASSWORD)
    second = SecondStep(again)
    expect(second.code).to_be_focused()
    expect(second.main.get_by_role("img")).to_have_count(0)
    second.verify(codes[0])
    AccountScreen(again, Realm.OPERATOR).shows(person)

    third = new_page()
    SignInScreen(third, Realm.OPERATOR).open().sign_in(person, password=NEW_PASSWORD)
    SecondStep(third).verify(codes[0])
    expect(SecondStep(third).summary).to_contain_text(message("errors.wrong_code", tries=4))


def test_wrong_codes_count_down_and_then_the_password_is_asked_again(page: Page, people: People) -> None:
    person = people.operator()
    sign_in = SignInScreen(page, Realm.OPERATOR).open()
    sign_in.sign_in(person)
    step = SecondStep(page)
    for tries in (4, 3, 2, 1):
        step.verify("000000")
        expect(step.summary).to_contain_text(message("errors.wrong_code", tries=tries))
    step.verify("000000")
    expect(step.summary).to_contain_text(message("errors.second_factor_over"))
    expect(sign_in.password).to_have_value("")
    sign_in.sign_in(person)
    step.verify(people.recovery_code(person))
    AccountScreen(page, Realm.OPERATOR).shows(person)


def test_starting_over_forgets_what_was_shown_once(page: Page, people: People) -> None:
    person = people.new_operator()
    SignInScreen(page, Realm.OPERATOR).open().sign_in(person)
    step = SecondStep(page)
    secret = step.secret()
    step.button("返回重新登录").click()
    expect(step.field("登录密码")).to_be_visible()
    assert secret not in page.content()
    SignInScreen(page, Realm.OPERATOR).sign_in(person)
    assert step.secret() != secret


def test_new_recovery_codes_are_shown_once_and_take_the_place_of_the_old_ones(
    page: Page, people: People, mailbox: Mailbox
) -> None:
    person = people.operator()
    SignInScreen(page, Realm.OPERATOR).open().sign_in(person)
    SecondStep(page).verify(people.recovery_code(person))
    account = AccountScreen(page, Realm.OPERATOR)
    account.shows(person)
    expect(account.main).to_contain_text("剩余 9 个")
    account.button("生成新的恢复码").click()
    dialog = page.get_by_role("dialog", name="生成新的恢复码")
    dialog.get_by_label("登录密码", exact=True).fill(person.password)
    dialog.get_by_label("动态验证码").fill("000000")
    dialog.get_by_role("button", name="确认生成").click()
    expect(dialog.locator("[data-summary]")).to_contain_text(message("errors.wrong_code_again"))
    dialog.get_by_label("动态验证码").fill(people.recovery_code(person))
    dialog.get_by_role("button", name="确认生成").click()
    codes = dialog.get_by_role("listitem")
    expect(codes).to_have_count(10)
    shown = codes.first.inner_text()
    dialog.get_by_role("button", name="我已保存").click()
    expect(dialog).to_be_hidden()
    expect(account.main).to_contain_text("剩余 10 个")
    assert shown not in page.content()
    # Told of: the authenticator, two recovery codes, and the new ones.
    mailbox.wait_for(person.email, 4)
    subjects = {str(email["Subject"]) for email in mailbox.to(person.email)}
    assert message("mail.operator_recovery_codes_renewed.subject") in subjects


def test_an_operator_has_no_way_to_reset_a_password_by_mail(page: Page) -> None:
    sign_in = SignInScreen(page, Realm.OPERATOR).open()
    expect(sign_in.main.get_by_role("link", name="忘记密码？")).to_have_count(0)
