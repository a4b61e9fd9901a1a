"""Signing in with a password: who gets in, what is said to who does not, and how often it may be tried."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import col, select

from guance_portal.accounts.errors import WRONG_LOGIN, TicketSpentError, WrongLoginError, WrongOperatorLoginError
from guance_portal.accounts.identity.tables import Credential
from guance_portal.accounts.sessions.sign_in import SignInOrder
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.messages import text
from tests import factories
from tests.factories import PASSWORD, browser
from tests.support.clocks import MovableClock

OLD_PARAMETERS = "$argon2id$v=19$m=9216,t=4,p=1$hUEH8snnE09aedWUrRV9Lw$WPh0g8dEoP1NnO6Tp9gnfUkJyVZbVWSMPbrweHVn8is"


def order(
    login: str = "lin@yunfan.example", password: str = PASSWORD, *, realm: Realm = Realm.CONSOLE, site: str = "cn1"
) -> SignInOrder:
    return SignInOrder(realm=realm, login=login, password=password, site=site)


async def fail(services: Services, caller: Caller, login: str = "lin@yunfan.example") -> type[Exception]:
    with pytest.raises((WrongLoginError, TooManyAttemptsError)) as refusal:
        await services.sign_in.sign_in(order(login, "not the password"), caller)
    return type(refusal.value)


async def test_the_right_password_opens_a_session_of_that_person(services: Services) -> None:
    user_id = await factories.console_user(services)
    signed_in = await factories.sign_in(services, " Lin@Yunfan.EXAMPLE ")
    assert signed_in.actor.subject_id == user_id
    assert signed_in.actor.realm is Realm.CONSOLE
    assert (signed_in.live.name, signed_in.live.email, signed_in.live.site) == (
        "林知夏",
        "lin@yunfan.example",
        "cn1",
    )


async def test_wrong_login_wrong_password_and_wrong_site_are_answered_the_same(services: Services) -> None:
    await factories.console_user(services)
    answers: list[tuple[str, str, object]] = []
    for attempt in (order(password="not the password"), order("nobody@yunfan.example"), order(site="us1")):
        with pytest.raises(WrongLoginError) as refusal:
            await services.sign_in.sign_in(attempt, browser())
        answers.append((refusal.value.code, refusal.value.field, refusal.value.params))
    assert answers == [("errors.wrong_login", "", {})] * 3


async def test_each_realm_says_what_to_check_there(services: Services) -> None:
    for realm in (Realm.CONSOLE, Realm.FEE_CENTER):
        with pytest.raises(WRONG_LOGIN[realm]):
            await services.sign_in.sign_in(order("nobody", realm=realm), browser())
    with pytest.raises(WrongOperatorLoginError):
        await services.operator_sign_in.begin("nobody@portal.example", PASSWORD, browser())
    said = {realm: text(error.code) for realm, error in WRONG_LOGIN.items()}
    assert [realm for realm in Realm if "站点" in said[realm].zh] == [Realm.CONSOLE]
    assert [realm for realm in Realm if "「忘记密码」" in said[realm].zh] == [Realm.CONSOLE, Realm.FEE_CENTER]


async def test_the_same_email_at_two_sites_is_two_people(services: Services) -> None:
    hangzhou = await factories.console_user(services)
    oregon = await factories.console_user(services, site="us1", password="another horse, another staple")
    assert (await factories.sign_in(services)).actor.subject_id == hangzhou
    there = await factories.sign_in(services, site="us1", password="another horse, another staple")
    assert there.actor.subject_id == oregon


async def test_a_password_of_one_realm_is_worth_nothing_in_another(services: Services) -> None:
    await factories.console_user(services)
    await factories.operator(services)
    with pytest.raises(WrongLoginError):
        await services.sign_in.sign_in(order(realm=Realm.FEE_CENTER), browser())
    with pytest.raises(WrongLoginError):
        await services.operator_sign_in.begin("lin@yunfan.example", PASSWORD, browser())
    with pytest.raises(WrongLoginError):
        await services.sign_in.sign_in(order("op@portal.example"), browser())


async def test_an_operator_never_gets_a_session_by_password_alone(services: Services) -> None:
    await factories.operator(services)
    with pytest.raises(NotAllowedError):
        await services.sign_in.sign_in(order("op@portal.example", realm=Realm.OPERATOR), browser())


async def test_guessing_from_one_address_is_stopped(services: Services) -> None:
    await factories.console_user(services)
    answers = [await fail(services, browser("192.0.2.1")) for _ in range(11)]
    assert answers == [WrongLoginError] * 10 + [TooManyAttemptsError]
    with pytest.raises(TooManyAttemptsError):
        await factories.sign_in(services, caller=browser("192.0.2.1"))
    await factories.sign_in(services, caller=browser("192.0.2.2"))


async def test_guessing_many_logins_from_one_address_is_stopped(services: Services) -> None:
    logins = [f"user{n}@yunfan.example" for n in range(61)]
    answers = [await fail(services, browser("192.0.2.1"), login) for login in logins]
    assert answers == [WrongLoginError] * 60 + [TooManyAttemptsError]


async def test_guessing_from_many_addresses_is_stopped_but_the_owner_still_gets_in(services: Services) -> None:
    await factories.console_user(services)
    own = (await factories.sign_in(services)).caller
    answers = [await fail(services, browser(f"198.51.100.{n}")) for n in range(101)]
    assert answers == [WrongLoginError] * 100 + [TooManyAttemptsError]
    await factories.sign_in(services, caller=own)


async def test_unknown_logins_are_counted_like_known_ones(services: Services) -> None:
    answers = [await fail(services, browser("192.0.2.1"), "nobody@yunfan.example") for _ in range(11)]
    assert answers == [WrongLoginError] * 10 + [TooManyAttemptsError]


async def test_successes_are_not_counted(services: Services) -> None:
    await factories.console_user(services)
    for _ in range(12):
        await factories.sign_in(services, caller=browser("192.0.2.1"))


async def test_an_outdated_hash_is_made_again_by_the_next_sign_in(services: Services) -> None:
    await factories.console_user(services)
    async with services.database.writing() as work:
        known = (await work.session.exec(select(Credential).where(col(Credential.realm) == Realm.CONSOLE))).one()
        known.password_hash = OLD_PARAMETERS
        await work.commit()
    await factories.sign_in(services, password="old but right")
    async with services.database.reading() as work:
        renewed = (await work.session.exec(select(Credential.password_hash))).one()
    assert renewed.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    await factories.sign_in(services, password="old but right")


async def test_a_ticket_works_once_even_when_used_twice_at_once(services: Services) -> None:
    await factories.console_user(services)
    caller = browser()
    ticket = await services.sign_in.sign_in(order(), caller)
    uses = (services.sessions.open(ticket, caller, {}) for _ in range(5))
    results = await asyncio.gather(*uses, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["OpenedSession"] + ["TicketSpentError"] * 4


async def test_a_ticket_is_good_for_a_minute(services: Services, clock: MovableClock) -> None:
    await factories.console_user(services)
    caller = browser()
    first, second = [await services.sign_in.sign_in(order(), caller) for _ in range(2)]
    clock.move(seconds=59)
    await services.sessions.open(first, caller, {})
    clock.move(seconds=1)
    with pytest.raises(TicketSpentError):
        await services.sessions.open(second, caller, {})


async def test_a_ticket_is_worth_nothing_in_another_browser(services: Services) -> None:
    await factories.console_user(services)
    ticket = await services.sign_in.sign_in(order(), browser())
    with pytest.raises(TicketSpentError):
        await services.sessions.open(ticket, browser(), {})


async def test_browsers_without_a_visitor_cookie_do_not_pass_for_each_other(services: Services) -> None:
    await factories.console_user(services)
    nobody = Caller(address="127.0.0.1")
    ticket = await services.sign_in.sign_in(order(), nobody)
    with pytest.raises(TicketSpentError):
        await services.sessions.open(ticket, nobody, {})


@pytest.mark.parametrize("ticket", ["", "x", "x" * 5000, "\x00", "张三"])
async def test_an_invented_ticket_opens_nothing(services: Services, ticket: str) -> None:
    with pytest.raises(TicketSpentError):
        await services.sessions.open(ticket, browser(), {})


async def test_a_ticket_dies_when_the_password_changes(services: Services) -> None:
    await factories.console_user(services)
    signed_in = await factories.sign_in(services)
    ticket = await services.sign_in.sign_in(order(), signed_in.caller)
    await services.passwords.change(signed_in.actor, PASSWORD, "another horse, another staple", signed_in.caller)
    with pytest.raises(TicketSpentError):
        await services.sessions.open(ticket, signed_in.caller, {})
