"""Changing a password, and setting a new one by mail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from limits import RateLimitItemPerDay
from sqlmodel import col, select

from guance_portal.accounts.errors import ResetLinkSpentError, SamePasswordError, WrongLoginError, WrongPasswordError
from guance_portal.accounts.identity.password_rules import (
    PasswordHasNameError,
    PasswordTooShortError,
    PasswordWeakError,
)
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.limit_keys import KeyKind
from guance_portal.core.messages import Language
from guance_portal.core.rate_limits import LIMITS, Limit, RateLimits
from guance_portal.core.tokens import digest
from guance_portal.mail.tables import Email
from tests import factories
from tests.factories import PASSWORD, browser
from tests.support.clocks import MovableClock

NEW = "another horse, another staple"


async def emails(services: Services, template: str) -> Sequence[Email]:
    async with services.database.reading() as work:
        found = select(Email).where(col(Email.template) == template).order_by(col(Email.created_at))
        return (await work.session.exec(found)).all()


async def test_scoring_is_limited_by_address_whatever_cookie_is_shown(services: Services) -> None:
    two_a_day = {**LIMITS, "password_score_per_address": Limit(RateLimitItemPerDay(2), KeyKind.NETWORK)}
    services.passwords._limits = RateLimits(limits=two_a_day)
    for _ in range(2):
        await services.passwords.judge("x", browser())
    with pytest.raises(TooManyAttemptsError):
        await services.passwords.judge("x", browser())


async def ask(services: Services, login: str = "lin@yunfan.example") -> None:
    await services.passwords.ask_reset(Realm.CONSOLE, login, "cn1", browser())


async def link_token(services: Services) -> str:
    return (await emails(services, "password_reset"))[-1].params["link"].partition("#")[2]


async def test_a_changed_password_works_and_the_old_one_does_not(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)
    await factories.sign_in(services, password=NEW)
    with pytest.raises(WrongLoginError):
        await factories.sign_in(services)


async def test_a_change_ends_the_other_sessions_and_keeps_this_one(services: Services) -> None:
    await factories.console_user(services)
    me, elsewhere = await factories.sign_in(services), await factories.sign_in(services)
    await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)
    assert await services.sessions.find(Realm.CONSOLE, digest(me.token))
    assert await services.sessions.find(Realm.CONSOLE, digest(elsewhere.token)) is None


async def test_a_change_is_told_by_mail_and_audited(services: Services) -> None:
    user_id = await factories.console_user(services)
    me = await factories.sign_in(services)
    await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)
    (email,) = await emails(services, "password_changed")
    assert (email.recipient, email.language) == ("lin@yunfan.example", "zh-CN")
    assert email.params == {
        "name": "林知夏",
        "at": "2026-07-01 16:00（UTC+8）",
        "place": "本机",
        "device": "Chrome 130 · Windows",
    }
    async with services.database.reading() as work:
        entry = (await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == "password.changed"))).one()
    assert (entry.actor_id, entry.subject_id, entry.details) == (user_id, user_id, {"ended": "0"})
    assert NEW not in str(entry.model_dump())


async def test_a_mail_says_the_time_of_the_persons_site(services: Services) -> None:
    await factories.console_user(services, site="us1", language=Language.EN)
    me = await factories.sign_in(services, site="us1")
    await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)
    (email,) = await emails(services, "password_changed")
    assert (email.params["at"], email.params["place"]) == ("2026-07-01 01:00 (UTC−7)", "Local")


@pytest.mark.parametrize(
    ("current", "new", "error", "field"),
    [
        ("not the password", NEW, WrongPasswordError, "current"),
        (PASSWORD, PASSWORD, SamePasswordError, "new"),
        (PASSWORD, "short", PasswordTooShortError, "new"),
        (PASSWORD, "password1", PasswordWeakError, "new"),
        (PASSWORD, "battery-林知夏-staple-9", PasswordHasNameError, "new"),
    ],
)
async def test_a_refused_change_names_its_field_and_changes_nothing(
    services: Services, current: str, new: str, error: type[Exception], field: str
) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    with pytest.raises(error) as refusal:
        await services.passwords.change(me.actor, current, new, me.caller)
    assert getattr(refusal.value, "field") == field  # noqa: B009
    await factories.sign_in(services)
    assert not await emails(services, "password_changed")


async def test_guessing_the_present_password_in_a_stolen_session_is_stopped(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    for _ in range(10):
        with pytest.raises(WrongPasswordError):
            await services.passwords.change(me.actor, "guess", NEW, me.caller)
    with pytest.raises(TooManyAttemptsError):
        await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)


async def test_racing_changes_set_one_password(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    changes = (services.passwords.change(me.actor, PASSWORD, f"{NEW} {n}", me.caller) for n in range(4))
    results = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] + ["WrongPasswordError"] * 3
    await factories.sign_in(services, password=f"{NEW} {results.index(None)}")


async def test_a_reset_link_comes_by_mail_with_its_token_in_the_fragment(services: Services) -> None:
    await factories.console_user(services)
    await ask(services)
    (email,) = await emails(services, "password_reset")
    address, _, token = email.params["link"].partition("#")
    assert address == "http://localhost:8000/reset-password"
    assert len(token) >= 43
    assert (email.recipient, email.params["name"], email.params["minutes"]) == (
        "lin@yunfan.example",
        "林知夏",
        "30",
    )


async def test_the_fee_centre_has_a_page_of_its_own_for_links(services: Services) -> None:
    await factories.fee_account(services)
    await services.passwords.ask_reset(Realm.FEE_CENTER, "yunfan", "", browser())
    (email,) = await emails(services, "password_reset")
    assert email.params["link"].startswith("http://localhost:8000/fee-center/reset-password#")
    assert await services.passwords.reset(await link_token(services), NEW, browser()) is Realm.FEE_CENTER
    await factories.sign_in(services, "pay@yunfan.example", realm=Realm.FEE_CENTER, password=NEW)


async def test_asking_for_an_unknown_login_is_answered_alike_and_sends_nothing(services: Services) -> None:
    await factories.console_user(services)
    await ask(services, "nobody@yunfan.example")
    await services.passwords.ask_reset(Realm.CONSOLE, "lin@yunfan.example", "us1", browser())
    assert not await emails(services, "password_reset")


async def test_a_reset_link_sets_the_password_and_ends_all_sessions(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    await ask(services)
    assert await services.passwords.reset(await link_token(services), NEW, browser()) is Realm.CONSOLE
    assert await services.sessions.find(Realm.CONSOLE, digest(me.token)) is None
    await factories.sign_in(services, password=NEW)
    assert len(await emails(services, "password_changed")) == 1


async def test_a_reset_link_works_once_even_when_used_twice_at_once(services: Services) -> None:
    await factories.console_user(services)
    await ask(services)
    token = await link_token(services)
    uses = (services.passwords.reset(token, f"{NEW} {n}", browser()) for n in range(3))
    results = await asyncio.gather(*uses, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Realm"] + ["ResetLinkSpentError"] * 2
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(token, NEW, browser())


async def test_a_reset_link_lives_thirty_minutes(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    await ask(services)
    token = await link_token(services)
    clock.move(minutes=29, seconds=59)
    assert await services.passwords.is_link_live(token, browser())
    clock.move(seconds=1)
    assert not await services.passwords.is_link_live(token, browser())
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(token, NEW, browser())


async def test_a_newer_link_supersedes_an_older_one(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    await ask(services)
    old = await link_token(services)
    clock.move(minutes=1)
    await ask(services)
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(old, NEW, browser())
    await services.passwords.reset(await link_token(services), NEW, browser())


async def test_changing_the_password_voids_a_link(services: Services) -> None:
    await factories.console_user(services)
    me = await factories.sign_in(services)
    await ask(services)
    await services.passwords.change(me.actor, PASSWORD, NEW, me.caller)
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(await link_token(services), NEW, browser())


async def test_a_refused_password_does_not_use_up_the_link(services: Services) -> None:
    await factories.console_user(services)
    await ask(services)
    token = await link_token(services)
    with pytest.raises(PasswordWeakError) as refusal:
        await services.passwords.reset(token, "password1", browser())
    assert refusal.value.field == "new"
    await services.passwords.reset(token, NEW, browser())


@pytest.mark.parametrize("token", ["", "x", "\x00", "x" * 5000])
async def test_an_invented_link_is_refused(services: Services, token: str) -> None:
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(token, NEW, browser())


async def test_the_number_of_links_is_limited(services: Services) -> None:
    await factories.console_user(services)
    for _ in range(5):
        await ask(services)
    with pytest.raises(TooManyAttemptsError):
        await ask(services)
    assert len(await emails(services, "password_reset")) == 5


async def test_an_unknown_login_is_limited_like_a_known_one(services: Services) -> None:
    for _ in range(5):
        await ask(services, "nobody@yunfan.example")
    with pytest.raises(TooManyAttemptsError):
        await ask(services, "nobody@yunfan.example")


async def test_operators_have_no_link(services: Services) -> None:
    await factories.operator(services)
    with pytest.raises(NotAllowedError):
        await services.passwords.ask_reset(Realm.OPERATOR, "op@portal.example", "", browser())


async def test_a_reset_lets_the_owner_in_while_strangers_guess(services: Services) -> None:
    await factories.console_user(services)
    own = (await factories.sign_in(services)).caller
    for n in range(101):
        with pytest.raises((WrongLoginError, TooManyAttemptsError)):
            await factories.sign_in(services, password="guess", caller=browser(f"198.51.100.{n}"))
    await ask(services)
    await services.passwords.reset(await link_token(services), NEW, own)
    await factories.sign_in(services, password=NEW, caller=own)


async def test_the_meter_scores_while_typing(services: Services) -> None:
    verdict = await services.passwords.judge("password1", browser(), username="lin", email="lin@yunfan.example")
    assert verdict.score < 3
    assert verdict.problem
    assert (await services.passwords.judge(NEW, browser())).problem is None
