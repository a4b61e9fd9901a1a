"""基本信息: the check of a username, the code, the draft, and 下一步."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from guance_portal.accounts.codes.rules import CodeTooSoonError
from guance_portal.accounts.identity.usernames import UsernameMissingError, UsernameTakenError
from guance_portal.bootstrap import Services
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.draft_tables import Draft
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.messages import Language
from guance_portal.onboarding.rules import CookieMissingError, SignUpStep, StepNotReachedError
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.sign_up import PASSWORD, Signer, basic_form, code_for, emails, visitor


async def problems(signer: Signer, **changes: Any) -> list[tuple[str, str]]:
    try:
        await signer.services.onboarding.step_one.confirm(signer.who, signer.form.but(**changes))
    except FormProblemsError as refusal:
        return [(problem.field, problem.code.removeprefix("errors.")) for problem in refusal]
    return []


# --- the username ---


async def test_a_free_username_is_told_in_its_stored_form(services: Services) -> None:
    assert await services.onboarding.step_one.check_username("ＹunFan", factories.browser()) == "yunfan"


async def test_a_taken_username_comes_with_three_free_ones(services: Services) -> None:
    await factories.fee_account(services, "yunfan")
    with pytest.raises(UsernameTakenError) as refusal:
        await services.onboarding.step_one.check_username("YunFan", factories.browser())
    assert len(set(refusal.value.suggestions)) == 3
    for suggestion in refusal.value.suggestions:
        assert await services.onboarding.step_one.check_username(suggestion, factories.browser()) == suggestion


async def test_usernames_cannot_be_asked_for_without_end(services: Services) -> None:
    caller = factories.browser()
    for number in range(60):
        await services.onboarding.step_one.check_username(f"yunfan{number}", caller)
    with pytest.raises(TooManyAttemptsError):
        await services.onboarding.step_one.check_username("yunfan", caller)


async def test_one_network_address_cannot_ask_for_usernames_without_end(services: Services) -> None:
    for _ in range(600):
        with pytest.raises(UsernameMissingError):
            await services.onboarding.step_one.check_username("", factories.browser("203.0.113.9"))
    with pytest.raises(TooManyAttemptsError):
        await services.onboarding.step_one.check_username("yunfan", factories.browser("203.0.113.9"))
    assert await services.onboarding.step_one.check_username("yunfan", factories.browser("203.0.113.10")) == "yunfan"


# --- the code ---


async def test_the_code_comes_by_mail_and_says_what_it_is_for(signer: Signer) -> None:
    sent = await signer.services.onboarding.step_one.send_code(signer.who, "cn1", signer.form.email)
    (email,) = await emails(signer.services.database, signer.form.email)
    assert (sent.email, sent.minutes, sent.resend_after) == (signer.form.email, 10, 60)
    assert email.template == "verification_code"
    assert email.params["purpose"] == "注册观测云账号"
    assert email.params["site"] == "中国区1（杭州）"


async def test_a_registered_address_gets_the_truth_and_the_page_the_same_answers(
    services: Services, clock: MovableClock
) -> None:
    await factories.console_user(services, "lin@yunfan.example")
    known = Signer(services, form=basic_form(email="lin@yunfan.example"))
    unknown = Signer(services)
    answers: list[list[object]] = []
    for signer in (known, unknown):
        sent = await services.onboarding.step_one.send_code(signer.who, "cn1", signer.form.email)
        said: list[object] = [(sent.minutes, sent.resend_after)]
        right = await code_for(services.database, unknown.form.email) if signer is unknown else ""
        wrong = [
            code for code in ("111111", "222222", "333333", "444444", "555555", "666666", "777777") if code != right
        ]
        said += [await problems(signer, code=code) for code in wrong[:6]]
        with pytest.raises(CodeTooSoonError) as refusal:
            await services.onboarding.step_one.send_code(signer.who, "cn1", signer.form.email)
        said.append(refusal.value.seconds)
        view = await services.onboarding.drafts.load(signer.who.browser)
        said.append((view.is_email_proven, view.is_confirmed, view.resend_after))
        answers.append(said)
    assert answers[0] == answers[1]
    assert [email.template for email in await emails(services.database, "lin@yunfan.example")] == ["already_registered"]


async def test_the_truth_comes_with_the_ways_to_sign_in_and_to_reset(services: Services) -> None:
    await factories.console_user(services, "lin@yunfan.example")
    await services.onboarding.step_one.send_code(visitor(Language.EN), "cn1", "LIN@yunfan.example")
    (email,) = await emails(services.database, "LIN@yunfan.example")
    assert email.language == "en"
    assert email.params["sign_in_link"].endswith("/login")
    assert email.params["reset_link"].endswith("/forgot-password")


async def test_the_same_address_at_another_site_gets_a_code(services: Services) -> None:
    await factories.console_user(services, "lin@yunfan.example", site="cn1")
    signer = Signer(services, form=basic_form(email="lin@yunfan.example", site="us1", phone=""))
    await signer.confirm_basic()
    assert (await services.onboarding.drafts.load(signer.who.browser)).is_confirmed


async def test_anyone_who_fills_in_the_honeypot_gets_the_same_answer_and_no_mail(signer: Signer) -> None:
    sent = await signer.services.onboarding.step_one.send_code(
        signer.who, "cn1", signer.form.email, honeypot="http://spam.example"
    )
    assert sent.resend_after == 60
    assert await emails(signer.services.database, signer.form.email) == []
    assert await problems(signer, code="123456") == [("code", "code_wrong")]


async def test_programs_cannot_keep_people_from_a_code(services: Services, clock: MovableClock) -> None:
    signer = Signer(services)
    for number in range(12):
        await services.onboarding.step_one.send_code(visitor(), "cn1", signer.form.email, honeypot=f"spam {number}")
        clock.move(seconds=1)
    await signer.confirm_basic()
    assert len(await emails(services.database, signer.form.email)) == 1


async def test_one_address_on_the_network_cannot_ask_for_codes_without_end(services: Services) -> None:
    for number in range(60):
        who = visitor(address="203.0.113.9")
        await services.onboarding.step_one.send_code(who, "cn1", f"lin{number}@yunfan.example")
    with pytest.raises(TooManyAttemptsError):
        await services.onboarding.step_one.send_code(visitor(address="203.0.113.9"), "cn1", "lin@yunfan.example")


async def test_without_a_cookie_nothing_begins(services: Services) -> None:
    who = replace(visitor(), browser="")
    with pytest.raises(CookieMissingError):
        await services.onboarding.step_one.send_code(who, "cn1", "lin@yunfan.example")
    with pytest.raises(CookieMissingError):
        await services.onboarding.drafts.save("", {"site": "cn1"})
    assert (await services.onboarding.drafts.load("")).form.site == ""


# --- 下一步 ---


async def test_an_empty_form_is_told_everything_at_once_from_top_to_bottom(signer: Signer) -> None:
    empty = {"site": "", "username": "", "password": "", "email": "", "phone": ""}
    assert await problems(signer, **empty) == [
        ("site", "site_missing"),
        ("username", "username_missing"),
        ("password", "password_missing"),
        ("email", "email_missing"),
        ("code", "code_missing"),
    ]
    assert await problems(signer, username="", password="", email="", phone="") == [
        ("username", "username_missing"),
        ("password", "password_missing"),
        ("email", "email_missing"),
        ("code", "code_missing"),
        ("phone", "phone_missing"),
    ]


async def test_a_code_is_asked_for_with_the_rest(signer: Signer) -> None:
    assert await problems(signer, phone="123") == [("code", "code_missing"), ("phone", "phone_length")]
    assert await problems(signer, email="lin@", code="12345") == [("email", "email_invalid"), ("code", "code_format")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"password": "short"}, ("password", "password_too_short")),
        ({"password": "12345678"}, ("password", "password_weak")),
        ({"password": "x" * 129}, ("password", "password_too_long")),
        ({"password": "my yunfan_ops is a fine name"}, ("password", "password_has_name")),
        ({"phone": "010-62345678"}, ("phone", "phone_not_mobile")),
        ({"site": "mars1"}, ("site", "unknown_site")),
    ],
)
async def test_each_broken_rule_is_told_at_its_field(
    signer: Signer, changes: dict[str, str], problem: tuple[str, str]
) -> None:
    signer.form = signer.form.but(username="yunfan_ops", code=await signer.get_code())
    assert await problems(signer, **changes) == [problem]


async def test_a_right_code_counts_even_when_another_field_is_wrong(signer: Signer) -> None:
    code = await signer.get_code()
    assert await problems(signer, code=code, phone="12") == [("phone", "phone_length")]
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).is_email_proven
    assert await problems(signer, code="") == []


async def test_an_accepted_step_is_kept_and_the_password_only_as_a_hash(signer: Signer) -> None:
    await signer.confirm_basic()
    view = await signer.services.onboarding.drafts.load(signer.who.browser)
    assert (view.is_confirmed, view.has_password, view.is_email_proven) == (True, True, True)
    assert (view.form.site, view.form.username, view.form.email, view.form.phone) == (
        "cn1",
        signer.form.username,
        signer.form.email,
        "13800138000",
    )
    async with signer.services.database.reading() as work:
        draft = (await work.session.exec(select(Draft))).one()
    assert draft.found["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in draft.model_dump_json()
    assert PASSWORD not in repr(signer.form)


async def test_a_refused_step_keeps_no_password(signer: Signer) -> None:
    await problems(signer, code="")
    assert not (await signer.services.onboarding.drafts.load(signer.who.browser)).has_password


async def test_back_and_on_again_asks_for_neither_code_nor_password(signer: Signer) -> None:
    await signer.confirm_basic()
    assert await problems(signer, code="", password="") == []


async def test_a_password_can_be_set_again(signer: Signer) -> None:
    await signer.confirm_basic()
    assert await problems(signer, code="", password="another kettle marches south") == []
    receipt = await signer.register()
    signed_in = await factories.sign_in(
        signer.services, signer.form.email, password="another kettle marches south", caller=signer.who.caller
    )
    assert signed_in.actor.subject_id == receipt.user_id


async def test_a_changed_address_needs_a_code_of_its_own(signer: Signer) -> None:
    await signer.confirm_basic()
    view = await signer.services.onboarding.drafts.save(signer.who.browser, {"email": "new@yunfan.example"})
    assert (view.is_email_proven, view.is_confirmed, view.has_password) == (False, False, False)
    assert await problems(signer, email="new@yunfan.example") == [("code", "code_dead")]


# --- the password ---


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "violet"},
        {"email": "violet@yunfan.example"},
        {"username": "violet", "email": "violet@yunfan.example"},
        {"username": "bei", "email": "bei@yunfan.example"},
    ],
    ids=str,
)
async def test_a_password_goes_with_the_name_or_address_it_was_judged_by(
    signer: Signer, changes: dict[str, str]
) -> None:
    """It may contain the new name; or it is what somebody else typed at the same browser."""
    await signer.confirm_basic()
    assert ("password", "password_missing") in await problems(signer, code="", password="", **changes)
    view = await signer.services.onboarding.drafts.load(signer.who.browser)
    assert (view.has_password, view.is_confirmed) == (False, False)
    with pytest.raises(StepNotReachedError):
        await signer.register()


@pytest.mark.parametrize(
    "changes",
    [
        {"username": " ＶｉｏｌｅｔＫｅｔｔｌｅ "},
        {"username": "violetkettle"},
        {"email": " VIOLET.kettle@yunfan.example "},
    ],
    ids=str,
)
async def test_a_name_in_the_password_is_found_however_it_is_written(signer: Signer, changes: dict[str, str]) -> None:
    password = "marches-violetkettle-violet.kettle-north"
    found = await problems(signer, code="", password=password, **changes)
    assert ("password", "password_has_name") in found


async def test_a_name_that_only_grew_keeps_the_password(signer: Signer) -> None:
    await signer.confirm_basic()
    longer = f"{signer.form.username}7"
    assert await problems(signer, code="", password="", username=longer) == []
    await signer.services.onboarding.drafts.save(signer.who.browser, {"username": f" {longer.upper()} "})
    assert await problems(signer, code="", password="", username=longer.upper()) == []


async def test_a_changed_number_or_site_keeps_the_password(signer: Signer) -> None:
    await signer.confirm_basic()
    changes = {"site": "cn2", "phone": "13900139000"}
    view = await signer.services.onboarding.drafts.save(signer.who.browser, changes)
    assert (view.has_password, view.is_confirmed) == (True, False)


async def test_a_code_dies_when_the_address_changes_even_back_again(signer: Signer) -> None:
    code = await signer.get_code()
    await signer.services.onboarding.drafts.save(signer.who.browser, {"email": "new@yunfan.example"})
    await signer.services.onboarding.drafts.save(signer.who.browser, {"email": signer.form.email})
    assert await problems(signer, code=code) == [("code", "code_dead")]


async def test_an_address_written_differently_is_the_same(signer: Signer) -> None:
    code = await signer.get_code()
    assert await problems(signer, code=code, email=f" {signer.form.email.upper()} ") == []


async def test_a_changed_site_takes_the_proof_back(signer: Signer) -> None:
    await signer.confirm_basic()
    view = await signer.services.onboarding.drafts.save(signer.who.browser, {"site": "cn2"})
    assert (view.is_email_proven, view.is_confirmed) == (False, False)


async def test_two_tabs_that_confirm_at_once_are_both_content(signer: Signer) -> None:
    signer.form = signer.form.but(code=await signer.get_code())
    assert await asyncio.gather(problems(signer), problems(signer)) == [[], []]


# --- the draft ---


async def test_what_was_typed_is_kept_as_typed(signer: Signer) -> None:
    typed = {
        "site": "us1",
        "username": " Yun Fan ",
        "email": "lin@",
        "phone": "138",
        "company_name": "云",
        "region": "CN-ZJ",
    }
    await signer.services.onboarding.drafts.save(signer.who.browser, typed)
    view = await signer.services.onboarding.drafts.load(signer.who.browser)
    assert (view.form.site, view.form.username, view.form.email, view.form.phone) == ("us1", " Yun Fan ", "lin@", "138")
    assert (view.form.company_name, view.form.region) == ("云", "CN-ZJ")


async def test_a_site_there_is_not_is_kept_as_none(signer: Signer) -> None:
    await signer.services.onboarding.drafts.save(signer.who.browser, {"site": "zz9", "username": "yunfan"})
    view = await signer.services.onboarding.drafts.load(signer.who.browser)
    assert (view.form.site, view.form.username) == ("", "yunfan")
    assert ("site", "unknown_site") in await problems(signer, site="zz9")


async def test_a_save_leaves_the_other_fields_alone(signer: Signer) -> None:
    await signer.services.onboarding.drafts.save(signer.who.browser, {"username": "yunfan"})
    await signer.services.onboarding.drafts.save(signer.who.browser, {"phone": "138"})
    assert (await signer.services.onboarding.drafts.load(signer.who.browser)).form.username == "yunfan"


async def test_another_browser_sees_nothing_of_it(signer: Signer) -> None:
    await signer.services.onboarding.drafts.save(signer.who.browser, {"username": "yunfan"})
    assert (await signer.services.onboarding.drafts.load(visitor().browser)).form.username == ""


async def test_a_draft_is_gone_after_thirty_days_without_a_touch(signer: Signer, clock: MovableClock) -> None:
    browser = signer.who.browser
    await signer.services.onboarding.drafts.save(browser, {"username": "yunfan"})
    clock.move(days=29)
    await signer.services.onboarding.drafts.save(browser, {"phone": "138"})
    clock.move(days=29)
    assert (await signer.services.onboarding.drafts.load(browser)).form.username == "yunfan"
    clock.move(days=1)
    assert (await signer.services.onboarding.drafts.load(browser)).form.username == ""
    view = await signer.services.onboarding.drafts.save(browser, {"phone": "139"})
    assert (view.form.username, view.form.phone) == ("", "139")


async def test_saves_of_two_tabs_at_once_share_one_draft(signer: Signer) -> None:
    await asyncio.gather(
        *(signer.services.onboarding.drafts.save(signer.who.browser, {"phone": str(n)}) for n in range(6))
    )
    async with signer.services.database.reading() as work:
        assert len((await work.session.exec(select(Draft))).all()) == 1


async def test_no_step_can_be_skipped(signer: Signer) -> None:
    progress = signer.services.onboarding.progress
    for wanted in SignUpStep:
        assert await progress.step_for(wanted, signer.who.browser, None) is SignUpStep.BASIC
    await signer.confirm_basic()
    for wanted in (SignUpStep.ENTERPRISE, SignUpStep.SETTLEMENT, SignUpStep.DONE):
        assert await progress.step_for(wanted, signer.who.browser, None) is SignUpStep.ENTERPRISE
    assert await progress.step_for(SignUpStep.BASIC, signer.who.browser, None) is SignUpStep.BASIC


async def test_step_two_cannot_be_submitted_before_step_one(signer: Signer) -> None:
    with pytest.raises(StepNotReachedError):
        await signer.register()
    await signer.get_code()
    with pytest.raises(StepNotReachedError):
        await signer.register()
