"""What each page of sign-up refuses, in its exact words, on top of the form and at the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from guance_portal.bootstrap import Services
from guance_portal.core.draft_tables import Draft
from guance_portal.core.drafts import of_browser
from guance_portal.core.tokens import digest
from guance_portal.state.sign_up.basic import SignUpBasicState
from tests import factories
from tests.e2e.screens.screen import message
from tests.e2e.screens.sign_up import (
    COMPANY,
    BasicScreen,
    CompanyScreen,
    FreeScreen,
    SettlementScreen,
    SignUpScreen,
    hold,
)
from tests.support.mailbox import Mailbox
from tests.support.newcomers import at_step_three, at_step_two, let_codes_age, newcomer, outcome, signer
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket

Problem = tuple[str, str, dict[str, object]]
"""A field, the code of its problem, and what fills the words."""

EMPTY_BASIC: Sequence[Problem] = [
    ("username", "username_missing", {}),
    ("password", "password_missing", {}),
    ("email", "email_missing", {}),
    ("code", "code_missing", {}),
    ("phone", "phone_missing", {}),
]
BAD_BASICS: Sequence[tuple[Mapping[str, str], Sequence[Problem]]] = [
    (
        {"username": "云 帆", "password": "short", "email": "lin@", "phone": "1380013"},
        [
            ("username", "username_space", {}),
            ("password", "password_too_short", {"shortest": 8}),
            ("email", "email_invalid", {}),
            ("code", "code_missing", {}),
            ("phone", "phone_length", {"count": 7}),
        ],
    ),
    (
        {"username": "云", "password": "password1234", "email": "林@yunfan.example", "phone": "010 6251 0000"},
        [
            ("username", "username_too_short", {"least": 2}),
            ("password", "password_weak", {}),
            ("email", "email_not_ascii", {}),
            ("code", "code_missing", {}),
            ("phone", "phone_not_mobile", {}),
        ],
    ),
    (
        {"username": "y@n", "password": "linxia-marches", "email": "linxia@yunfan.example", "phone": "12345678901"},
        [
            ("username", "username_character", {"character": "@"}),
            ("password", "password_has_name", {}),
            ("code", "code_missing", {}),
            ("phone", "phone_invalid", {}),
        ],
    ),
    (
        {"username": "y" * 33, "password": "violet kettle marches", "code": "12345", "phone": "13800138000"},
        [("username", "username_too_long", {"most": 32}), ("code", "code_format", {})],
    ),
    (
        {"username": "yunfаn", "code": "123456"},
        [("username", "username_mixed_scripts", {}), ("code", "code_not_sent", {})],
    ),
    (
        {"username": "yunfanא", "password": "violet kettle " * 10},
        [
            ("username", "username_direction", {}),
            ("password", "password_too_long", {"longest": 128}),
            ("code", "code_not_sent", {}),
        ],
    ),
]
EMPTY_COMPANY: Sequence[Problem] = [
    ("company_name", "company_name_missing", {}),
    ("industry", "industry_missing", {}),
    ("region", "region_missing", {}),
    ("contact", "contact_missing", {}),
    ("agreements", "agreement_missing", {}),
]
BAD_COMPANIES: Sequence[tuple[Mapping[str, str], Sequence[Problem]]] = [
    (
        {"company_name": "云", "uscc": "9135", "contact": "林" * 51, "introduction": "帆" * 501},
        [
            ("company_name", "company_name_length", {"least": 2, "most": 100}),
            ("uscc", "uscc_length", {"count": 4}),
            ("contact", "text_too_long", {"most": 50, "count": 51}),
            ("introduction", "text_too_long", {"most": 500, "count": 501}),
        ],
    ),
    (
        {"company_name": "云\u200b帆", "uscc": "91350100M000100Y4I", "contact": "林知夏", "introduction": ""},
        [
            ("company_name", "hidden_character", {"character": "U+200B", "place": 2}),
            ("uscc", "uscc_character", {"character": "I"}),
        ],
    ),
    ({"company_name": "云帆", "uscc": "91350100M000100Y44"}, [("uscc", "uscc_check", {})]),
]


def is_refused(screen: SignUpScreen, problems: Sequence[Problem]) -> None:
    """Expect these problems in this order, and no other."""
    expected: list[tuple[Locator, str, str]] = []
    for name, code, params in problems:
        is_agreement = name == "agreements"
        field = screen.agreement if is_agreement else screen.choice(name).or_(screen.box(name))
        expected.append((field, "" if is_agreement else f"sign_up.{name}", screen.message(f"errors.{code}", **params)))
    screen.refuses(expected)


def test_step_one_says_what_is_wrong_with_each_field(page: Page) -> None:
    basic = BasicScreen(page).open()
    basic.press("next")
    is_refused(basic, EMPTY_BASIC)
    for typed, problems in BAD_BASICS:
        for name, value in typed.items():
            basic.box(name).fill(value)
        basic.press("next")
        is_refused(basic, problems)
    basic.stands_at(basic.path)


def test_an_english_page_refuses_in_english(new_page: Callable[..., Page], people: People) -> None:
    page = new_page(locale="en-GB")
    basic = BasicScreen(page, english=True).open()
    basic.choice("site").select_option("cn1")
    basic.press("next")
    is_refused(basic, EMPTY_BASIC)
    expect(basic.summary).to_contain_text("Username: Enter a username.")
    for typed, problems in BAD_BASICS:
        for name, value in typed.items():
            basic.box(name).fill(value)
        basic.press("next")
        is_refused(basic, problems)
    second = new_page(at_step_two(people), locale="en-GB")
    company = CompanyScreen(second, english=True).open()
    company.press("register")
    is_refused(company, EMPTY_COMPANY)


def test_a_site_says_how_its_bills_are_paid_before_it_is_chosen(page: Page) -> None:
    basic = BasicScreen(page).open()
    site = basic.choice("site")
    expect(site).to_have_accessible_description(re.compile("结算币种 CNY，结算方式：观测云企业账号、阿里云账号。"))
    site.select_option("us1")
    expect(site).to_have_accessible_description(re.compile("结算币种 USD，结算方式：观测云企业账号、AWS 云账号。"))
    site.select_option("cn4")
    why = re.escape(message("settlement.opening.unsupported"))
    expect(site).to_have_accessible_description(re.compile(f"结算币种 CNY，结算方式：观测云企业账号。 {why}$"))


def test_an_address_has_no_code_left_once_strangers_have_had_theirs(page: Page, people: People) -> None:
    who = newcomer()
    for _ in range(5):
        people.do(lambda services: signer(services, replace(newcomer(), email=who.email)).get_code())
        let_codes_age(people, who.email, minutes=2)
    basic = BasicScreen(page).open()
    basic.describe(who)
    basic.send_code.click()
    problem = message("errors.code_limit", most=5)
    expect(basic.box("code")).to_have_accessible_description(re.compile(f"^{re.escape(problem)}"))


def test_an_older_agreement_is_not_taken(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()
    # A page that was opened before the agreement changed.
    page.locator("input[name=versions]").evaluate("(field) => { field.value = 'commercial:0.9 privacy:1.0' }")
    company.press("register")
    is_refused(company, [("agreements", "agreement_outdated", {})])
    assert outcome(people, who.email).counts == (0, 0, 0)


def test_anyone_who_registers_again_much_later_is_told_to_sign_in(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()

    async def finish_long_ago(services: Services) -> None:
        await signer(services, who).register()
        async with services.database.writing() as work:
            mine = col(Draft.owner) == of_browser(digest(who.cookies["gc_draft"]))
            draft = (await work.session.exec(select(Draft).where(mine))).one()
            assert draft.finished_at
            draft.finished_at -= timedelta(minutes=2)
            await work.commit()

    people.do(finish_long_ago)
    company.press("register")
    expect(company.summary).to_contain_text(message("errors.sign_up_finished"))
    assert outcome(people, who.email).counts == (1, 1, 0)


def test_usernames_asked_for_too_quickly_have_to_wait(page: Page, people: People, portal: PortalServer) -> None:
    who = newcomer()
    hold(page, who)
    basic = BasicScreen(page).open()

    async def ask_often() -> None:
        handler = f"{SignUpBasicState.get_full_name()}.check_username"
        async with RawSocket(portal.base, cookies=who.cookies) as socket:
            for number in range(61):
                await socket.call(handler, {"typed": f"yunfan_{number}"}, path=BasicScreen.path)
            await socket.settle()

    people.do(lambda _: ask_often())
    basic.box("username").fill(who.username)
    problem = message("errors.too_many_attempts", minutes=1)
    expect(basic.box("username")).to_have_accessible_description(re.compile(f"^{re.escape(problem)}"))


def test_a_line_of_the_summary_leads_to_its_field(page: Page) -> None:
    basic = BasicScreen(page).open()
    basic.press("next")
    basic.summary.get_by_role("link", name="手机号").click()
    expect(basic.box("phone")).to_be_focused()


def test_step_two_says_what_is_wrong_with_each_field(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.press("register")
    is_refused(company, EMPTY_COMPANY)
    company.choice("industry").select_option("software")
    company.choice("region").select_option("CN-ZJ")
    company.agreement.check()
    for typed, problems in BAD_COMPANIES:
        for name, value in typed.items():
            company.box(name).fill(value)
        company.press("register")
        is_refused(company, problems)
    expect(company.agreement).to_be_checked()
    assert outcome(people, who.email).counts == (0, 0, 0)


def test_what_is_pasted_is_cut_nowhere_in_silence(page: Page, people: People) -> None:
    hold(page, at_step_two(people))
    company = CompanyScreen(page).open()
    company.describe()
    company.agreement.check()
    pasted = {"company_name": "⛵️" * 150, "contact": "🙂" * 60, "introduction": "🙂" * 600}
    for name, value in pasted.items():
        company.box(name).fill("")
        company.box(name).focus()
        page.keyboard.insert_text(value)
    company.press("register")
    is_refused(
        company,
        [
            ("company_name", "company_name_length", {"least": 2, "most": 100}),
            ("contact", "text_too_long", {"most": 50, "count": 60}),
            ("introduction", "text_too_long", {"most": 500, "count": 600}),
        ],
    )
    page.reload()
    for name, value in pasted.items():
        expect(company.box(name)).to_have_value(value)


def test_a_username_that_is_too_long_is_refused_while_it_is_typed(page: Page) -> None:
    basic = BasicScreen(page).open()
    basic.box("username").focus()
    page.keyboard.insert_text("云" * 400)
    said = message("errors.username_too_long", most=32)
    expect(basic.box("username")).to_have_accessible_description(re.compile(f"^{re.escape(said)}"))
    expect(basic.box("username")).to_have_value("云" * 400)


def test_step_three_says_what_is_wrong_with_the_name(page: Page, people: People) -> None:
    who = at_step_three(people)
    hold(page, who)
    settlement = SettlementScreen(page).open()
    expect(settlement.box("workspace_name")).not_to_have_value("")
    for typed, code, params in [
        ("", "workspace_name_missing", {}),
        ("云" * 257, "text_too_long", {"most": 256, "count": 257}),
        ("🙂" * 300, "text_too_long", {"most": 256, "count": 300}),
        ("云\u200b帆", "hidden_character", {"character": "U+200B", "place": 2}),
    ]:
        settlement.box("workspace_name").fill(typed)
        settlement.press("confirm")
        settlement.refuses(
            [(settlement.box("workspace_name"), "sign_up.workspace_name", message(f"errors.{code}", **params))]
        )
    assert outcome(people, who.email).counts == (1, 1, 0)


def test_the_free_edition_asks_for_every_field_and_the_agreements(page: Page) -> None:
    free = FreeScreen(page).open()
    free.press("register")
    is_refused(free, [*EMPTY_BASIC, ("agreements", "agreement_missing", {})])


def test_a_taken_username_comes_with_free_ones_to_take(page: Page, people: People) -> None:
    taken = at_step_three(people).username
    basic = BasicScreen(page).open()
    name = basic.box("username")
    name.fill(taken)
    expect(name).to_have_accessible_description(
        f"{message('errors.username_taken')} {message('sign_up.username_help')}"
    )
    expect(basic.suggestions.first).to_be_visible()
    offered = basic.suggestions.all_inner_texts()
    assert len(set(offered)) == len(offered) >= 2
    basic.suggestions.nth(1).click()
    expect(name).to_have_value(offered[1])
    expect(basic.main.get_by_role("status").filter(has_text=message("sign_up.username_free"))).to_be_visible()
    expect(name).to_have_attribute("aria-invalid", "false")
    expect(basic.suggestions).to_have_count(0)
    page.reload()
    expect(name).to_have_value(offered[1])


def test_wide_and_capital_letters_are_shown_as_they_will_be_stored(page: Page) -> None:
    who = newcomer()
    basic = BasicScreen(page).open()
    basic.box("username").fill(who.username.upper())
    stored = message("sign_up.username_stored", name=who.username)
    expect(basic.main.get_by_role("status").filter(has_text=stored)).to_be_visible()


def test_without_a_fee_account_the_username_of_another_may_be_used(page: Page, people: People) -> None:
    taken = at_step_three(people).username
    free = FreeScreen(page).open()
    free.box("username").fill(taken)
    expect(free.main.get_by_role("status").filter(has_text=message("sign_up.username_free"))).to_be_visible()
    free.switch.check()
    problem = message("errors.username_taken")
    expect(free.box("username")).to_have_accessible_description(f"{problem} {message('sign_up.username_help')}")
    free.switch.uncheck()
    expect(free.main.get_by_text(problem)).to_have_count(0)


def test_a_username_lost_to_a_race_is_said_and_everything_else_kept(page: Page, people: People) -> None:
    who, rival = at_step_two(people), newcomer()
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()

    async def overtake(services: Services) -> None:
        person = signer(services, replace(rival, username=who.username))
        await person.confirm_basic()
        await person.register()

    people.do(overtake)
    company.press("register")
    expect(company.main.get_by_text(message("sign_up.name_lost"))).to_be_visible()
    expect(company.summary).to_contain_text(message("errors.username_taken"))
    company.main.get_by_role("link", name="上一步").click()
    basic = BasicScreen(page)
    basic.stands_at(basic.path)
    basic.is_accepted()
    name = basic.box("username")
    expect(name).to_have_accessible_description(
        f"{message('errors.username_taken')} {message('sign_up.username_help')}"
    )
    suggestion = basic.suggestions.first.inner_text()
    basic.suggestions.first.click()
    expect(name).to_have_value(suggestion)
    basic.is_accepted()
    basic.press("next")
    company.stands_at(company.path)
    company.keeps()
    company.agreement.check()
    company.press("register")
    company.stands_at(SettlementScreen.path)
    assert outcome(people, who.email).users[0].username == suggestion


def test_another_username_asks_for_the_password_again(page: Page, people: People) -> None:
    who, other = at_step_two(people), newcomer()
    hold(page, who)
    basic = BasicScreen(page).open()
    basic.is_accepted()
    basic.box("username").fill(other.username)
    basic.box("phone").focus()
    expect(basic.password).to_have_accessible_description(re.compile(f"^{message('sign_up.password_lost')}"))
    basic.press("next")
    is_refused(basic, [("password", "password_missing", {})])
    basic.password.fill(f"violet {other.username} kettle")
    basic.press("next")
    is_refused(basic, [("password", "password_has_name", {})])
    basic.password.fill(who.password)
    basic.press("next")
    CompanyScreen(page).stands_at(CompanyScreen.path)


def test_a_taken_username_of_the_free_edition_comes_with_free_ones_on_submit(
    page: Page, people: People, mailbox: Mailbox
) -> None:
    who, taken = newcomer(), at_step_three(people).username
    free = FreeScreen(page).open()
    free.complete(who, mailbox)
    free.switch.check()
    free.agreement.check()
    free.box("username").fill(taken)
    free.press("register")
    is_refused(free, [("username", "username_taken", {})])
    expect(free.suggestions.first).to_be_visible()
    suggestion = free.suggestions.first.inner_text()
    free.suggestions.first.click()
    expect(free.box("username")).to_have_value(suggestion)
    free.press("register")
    free.stands_at("/welcome")
    assert outcome(people, who.email).fee_accounts[0].username == suggestion


def test_an_address_lost_to_a_race_leads_to_its_account_and_everything_else_is_kept(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()
    people.do(lambda services: factories.console_user(services, who.email, site=who.site))
    company.press("register")
    note = company.main.get_by_role("status").filter(has_text=message("sign_up.registered"))
    expect(note).to_be_visible()
    expect(company.summary).to_contain_text(message("errors.email_registered"))
    expect(company.box("company_name")).to_have_value(COMPANY)
    expect(note.get_by_role("link", name="忘记密码？")).to_have_attribute("href", re.compile(r"^/forgot-password/?$"))
    note.get_by_role("link", name="登录", exact=True).click()
    company.stands_at("/login")
    page.go_back()
    # Step 1 is open again, with what was typed.
    BasicScreen(page).stands_at(BasicScreen.path)
    expect(BasicScreen(page).box("email")).to_have_value(who.email)


def test_a_step_undone_in_another_tab_says_so_where_it_is_done_again(page: Page, people: People) -> None:
    who = at_step_two(people)
    hold(page, who)
    company = CompanyScreen(page).open()
    company.complete()
    people.do(
        lambda services: services.onboarding.drafts.save(signer(services, who).who.browser, {"phone": "13900139000"})
    )
    company.press("register")
    basic = BasicScreen(page)
    basic.stands_at(basic.path)
    expect(page.get_by_text(message("errors.step_not_reached"), exact=True)).to_be_visible()
    basic.press("next")
    company.stands_at(company.path)
    company.keeps()
