"""Operators: made once, signed in with two factors, and brought back when they have lost everything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from pyotp.totp import TOTP
from sqlmodel import col, select

from guance_portal.accounts.errors import (
    EmailTakenError,
    InitialPasswordExpiredError,
    OperatorUnknownError,
    SamePasswordError,
    SecondFactorOverError,
    TicketSpentError,
    WrongCodeError,
    WrongLoginError,
    WrongPasswordError,
)
from guance_portal.accounts.identity.contact import EmailInvalidError
from guance_portal.accounts.identity.operator_codes import WrongRenewalCodeError
from guance_portal.accounts.identity.password_rules import PasswordTooShortError
from guance_portal.accounts.sessions.operator_sign_in import Challenge, SecondStep
from guance_portal.accounts.tables import Operator, RecoveryCode
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.errors import NotAllowedError, TooManyAttemptsError
from guance_portal.core.rate_limits import LIMITS
from guance_portal.core.tokens import digest
from guance_portal.mail.tables import Email
from tests import factories
from tests.factories import PASSWORD, OperatorAccount, browser
from tests.support.clocks import MovableClock

EMAIL = "op@portal.example"


async def begin(services: Services, account: OperatorAccount, caller: Caller) -> Challenge:
    return await services.operator_sign_in.begin(account.email, account.password, caller)


async def finish(services: Services, challenge: Challenge, code: str, caller: Caller, new_password: str = "") -> str:
    step = SecondStep(challenge=challenge.token, code=code, new_password=new_password)
    return await services.operator_sign_in.finish(step, caller)


async def test_the_first_sign_in_enrols_and_ends_the_initial_password(services: Services, clock: MovableClock) -> None:
    caller = browser()
    initial = await services.operators.add(EMAIL, "运营一")
    challenge = await services.operator_sign_in.begin(EMAIL, initial, caller)
    assert challenge.enrolment
    code = TOTP(challenge.enrolment.secret).at(clock.now())
    session = await factories.enter(services, await finish(services, challenge, code, caller, PASSWORD), caller)
    assert (session.actor.realm, session.live.name, session.live.email) == (Realm.OPERATOR, "运营一", EMAIL)
    with pytest.raises(WrongLoginError):
        await services.operator_sign_in.begin(EMAIL, initial, browser())
    again = await services.operator_sign_in.begin(EMAIL, PASSWORD, browser())
    assert again.enrolment is None


@pytest.mark.parametrize(
    ("new_password", "error"),
    [("", PasswordTooShortError), ("short", PasswordTooShortError), (None, SamePasswordError)],
)
async def test_enrolling_needs_a_password_of_ones_own(
    services: Services, clock: MovableClock, new_password: str | None, error: type[Exception]
) -> None:
    caller = browser()
    initial = await services.operators.add(EMAIL, "运营一")
    challenge = await services.operator_sign_in.begin(EMAIL, initial, caller)
    assert challenge.enrolment
    code = TOTP(challenge.enrolment.secret).at(clock.now())
    with pytest.raises(error):
        await finish(services, challenge, code, caller, initial if new_password is None else new_password)
    await finish(services, challenge, code, caller, PASSWORD)


async def test_every_unfinished_enrolment_has_a_secret_of_its_own(services: Services, clock: MovableClock) -> None:
    initial = await services.operators.add(EMAIL, "运营一")
    first, second = browser(), browser()
    thief = await services.operator_sign_in.begin(EMAIL, initial, first)
    owner = await services.operator_sign_in.begin(EMAIL, initial, second)
    assert thief.enrolment
    assert owner.enrolment
    assert thief.enrolment.secret != owner.enrolment.secret
    await finish(services, owner, TOTP(owner.enrolment.secret).at(clock.now()), second, PASSWORD)
    with pytest.raises(SecondFactorOverError):
        await finish(services, thief, TOTP(thief.enrolment.secret).at(clock.now()), first, "another horse, staple")


async def test_a_code_of_the_authenticator_lets_in(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    session = await factories.sign_in_operator(services, account)
    assert session.actor.realm is Realm.OPERATOR


async def test_a_code_works_once(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    first, second = browser(), browser()
    challenges = [(await begin(services, account, caller), caller) for caller in (first, second)]
    code = account.code(services)
    uses = (finish(services, challenge, code, caller) for challenge, caller in challenges)
    results = await asyncio.gather(*uses, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["WrongCodeError", "str"]


async def test_an_older_code_is_refused_after_a_newer_one(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    older = account.code(services)
    clock.move(seconds=30)
    await factories.sign_in_operator(services, account)
    caller = browser()
    with pytest.raises(WrongCodeError):
        await finish(services, await begin(services, account, caller), older, caller)


async def test_wrong_codes_say_how_many_tries_are_left_and_then_it_is_over(services: Services) -> None:
    account = await factories.operator(services)
    caller = browser()
    challenge = await begin(services, account, caller)
    for tries in (4, 3, 2, 1):
        with pytest.raises(WrongCodeError) as refusal:
            await finish(services, challenge, "000000", caller)
        assert (refusal.value.params, refusal.value.field) == ({"tries": tries}, "code")
    for code in ("000000", account.code(services)):
        with pytest.raises(SecondFactorOverError):
            await finish(services, challenge, code, caller)


async def test_guessing_codes_over_many_challenges_is_stopped(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    for _ in range(10):
        caller = browser()
        with pytest.raises(WrongCodeError):
            await finish(services, await begin(services, account, caller), "000000", caller)
    caller = browser()
    with pytest.raises(TooManyAttemptsError):
        await finish(services, await begin(services, account, caller), account.code(services), caller)


async def test_a_recovery_code_lets_in_once(services: Services) -> None:
    account = await factories.operator(services)
    code = account.recovery_codes[3]
    caller = browser()
    ticket = await finish(services, await begin(services, account, caller), f" {code.upper()} ", caller)
    await factories.enter(services, ticket, caller)
    with pytest.raises(WrongCodeError):
        await finish(services, await begin(services, account, caller), code, caller)
    async with services.database.reading() as work:
        used = select(AuditEntry).where(col(AuditEntry.act) == "operator.recovery_code_used")
        assert len((await work.session.exec(used)).all()) == 1


async def test_a_recovery_code_belongs_to_one_operator(services: Services) -> None:
    mine = await factories.operator(services)
    other = await factories.operator(services, "other@portal.example")
    caller = browser()
    with pytest.raises(WrongCodeError):
        await finish(services, await begin(services, mine, caller), other.recovery_codes[0], caller)


async def test_the_step_after_the_password_lasts_five_minutes(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    caller = browser()
    challenge = await begin(services, account, caller)
    clock.move(minutes=5)
    with pytest.raises(SecondFactorOverError):
        await finish(services, challenge, account.code(services), caller)


async def test_a_challenge_is_worth_nothing_in_another_browser_and_is_no_ticket(services: Services) -> None:
    account = await factories.operator(services)
    caller = browser()
    challenge = await begin(services, account, caller)
    with pytest.raises(SecondFactorOverError):
        await finish(services, challenge, account.recovery_codes[0], browser())
    with pytest.raises(TicketSpentError):
        await services.sessions.open(challenge.token, caller, {})


async def test_a_ticket_is_no_challenge(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    caller = browser()
    ticket = await finish(services, await begin(services, account, caller), account.code(services), caller)
    with pytest.raises(SecondFactorOverError):
        await services.operator_sign_in.finish(SecondStep(challenge=ticket, code=account.recovery_codes[0]), caller)


async def test_neither_secret_nor_recovery_codes_are_stored_readable(services: Services) -> None:
    account = await factories.operator(services)
    async with services.database.reading() as work:
        operator = (await work.session.exec(select(Operator))).one()
        codes = (await work.session.exec(select(RecoveryCode.code_hash))).all()
    assert len(codes) == 10
    assert account.secret not in operator.totp_secret
    plain = {code.replace("-", "") for code in account.recovery_codes}
    assert not plain & set(codes)
    assert not {digest(code) for code in plain} & set(codes)


async def test_an_email_is_one_operator(services: Services) -> None:
    await services.operators.add(EMAIL, "运营一")
    with pytest.raises(EmailTakenError):
        await services.operators.add("OP@portal.example", "运营二")


async def test_an_operator_needs_a_real_email(services: Services) -> None:
    with pytest.raises(EmailInvalidError):
        await services.operators.add("nobody", "运营一")


async def test_a_reset_forgets_everything_and_starts_over(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    session = await factories.sign_in_operator(services, account)
    initial = await services.operators.reset(EMAIL)
    assert await services.sessions.find(Realm.OPERATOR, digest(session.token)) is None
    with pytest.raises(WrongLoginError):
        await begin(services, account, browser())
    caller = browser()
    challenge = await services.operator_sign_in.begin(EMAIL, initial, caller)
    assert challenge.enrolment
    with pytest.raises(WrongCodeError):
        await finish(services, challenge, account.recovery_codes[0], caller, "another horse, staple")
    code = TOTP(challenge.enrolment.secret).at(clock.now())
    await finish(services, challenge, code, caller, "another horse, staple")


async def test_an_operator_that_does_not_exist_cannot_be_reset(services: Services) -> None:
    with pytest.raises(OperatorUnknownError):
        await services.operators.reset("nobody@portal.example")


async def test_an_initial_password_expires_after_a_week(services: Services, clock: MovableClock) -> None:
    initial = await services.operators.add(EMAIL, "运营一")
    clock.move(days=6, hours=23)
    await services.operator_sign_in.begin(EMAIL, initial, browser())
    clock.move(hours=1)
    with pytest.raises(InitialPasswordExpiredError) as refusal:
        await services.operator_sign_in.begin(EMAIL, initial, browser())
    assert refusal.value.params == {"days": 7}
    with pytest.raises(WrongLoginError):
        await services.operator_sign_in.begin(EMAIL, "not the password", browser())
    reset = await services.operators.reset(EMAIL)
    await services.operator_sign_in.begin(EMAIL, reset, browser())


async def test_a_password_of_ones_own_does_not_expire(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(days=400)
    assert (await factories.sign_in_operator(services, account)).actor.realm is Realm.OPERATOR


async def test_a_weak_new_password_is_no_guess_at_the_code(services: Services, clock: MovableClock) -> None:
    caller = browser()
    initial = await services.operators.add(EMAIL, "运营一")
    challenge = await services.operator_sign_in.begin(EMAIL, initial, caller)
    assert challenge.enrolment
    code = TOTP(challenge.enrolment.secret).at(clock.now())
    for _ in range(2 * LIMITS["second_factor"].amount):
        with pytest.raises(PasswordTooShortError):
            await finish(services, challenge, code, caller, "short")
    await finish(services, challenge, code, caller, PASSWORD)


async def test_enrolling_is_audited_with_its_place_and_told_by_mail(services: Services) -> None:
    await factories.operator(services)
    (entry,) = await entries(services, "operator.enrolled")
    assert (entry.actor_realm, entry.actor_id, entry.address) == ("operator", entry.subject_id, "127.0.0.1")
    (email,) = await emails(services, "operator_enrolled")
    assert (email.recipient, email.params["place"]) == (EMAIL, "本机")


async def test_using_a_recovery_code_is_audited_with_its_place_and_told_by_mail(services: Services) -> None:
    account = await factories.operator(services)
    caller = browser()
    await finish(services, await begin(services, account, caller), account.recovery_codes[0], caller)
    (entry,) = await entries(services, "operator.recovery_code_used")
    assert (entry.actor_realm, entry.actor_id, entry.address) == ("operator", entry.subject_id, "127.0.0.1")
    (email,) = await emails(services, "operator_recovery_code_used")
    assert (email.recipient, email.params["left"]) == (EMAIL, "9")
    assert account.recovery_codes[0] not in str(email.params)


async def test_a_wrong_code_sends_no_email(services: Services) -> None:
    account = await factories.operator(services)
    caller = browser()
    with pytest.raises(WrongCodeError):
        await finish(services, await begin(services, account, caller), "000000", caller)
    assert not await emails(services, "operator_recovery_code_used")


async def test_new_recovery_codes_take_the_place_of_the_old_ones(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    me = await factories.sign_in_operator(services, account)
    assert await services.recovery_codes.left(me.actor) == 10
    clock.move(seconds=60)
    codes = await services.recovery_codes.renew(me.actor, PASSWORD, account.code(services), me.caller)
    assert len(set(codes)) == 10
    caller = browser()
    challenge = await begin(services, account, caller)
    with pytest.raises(WrongCodeError):
        await finish(services, challenge, account.recovery_codes[0], caller)
    await finish(services, challenge, codes[0], caller)
    assert await services.recovery_codes.left(me.actor) == 9
    (entry,) = await entries(services, "operator.recovery_codes_renewed")
    assert (entry.actor_id, entry.actor_session) == (me.actor.subject_id, me.actor.session_id)
    (email,) = await emails(services, "operator_recovery_codes_renewed")
    assert not [code for code in codes if code in str(email.params)]


async def test_new_recovery_codes_need_the_password_and_a_fresh_code(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    me = await factories.sign_in_operator(services, account)
    used = account.code(services)
    for password, code, error in (
        ("not the password", used, WrongPasswordError),
        (PASSWORD, used, WrongRenewalCodeError),
        (PASSWORD, "000000", WrongRenewalCodeError),
    ):
        with pytest.raises(error):
            await services.recovery_codes.renew(me.actor, password, code, me.caller)
    assert await services.recovery_codes.left(me.actor) == 10
    assert not await emails(services, "operator_recovery_codes_renewed")


async def test_guessing_the_code_of_a_renewal_is_stopped(services: Services, clock: MovableClock) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    me = await factories.sign_in_operator(services, account)
    for _ in range(10):
        with pytest.raises(WrongRenewalCodeError):
            await services.recovery_codes.renew(me.actor, PASSWORD, "000000", me.caller)
    clock.move(seconds=60)
    with pytest.raises(TooManyAttemptsError):
        await services.recovery_codes.renew(me.actor, PASSWORD, account.code(services), me.caller)


@pytest.mark.parametrize("realm", [Realm.CONSOLE, Realm.FEE_CENTER])
async def test_recovery_codes_are_operators_own_business(services: Services, realm: Realm) -> None:
    stranger = Actor(realm=realm, subject_id="user_x", session_id="sess_x")
    with pytest.raises(NotAllowedError):
        await services.recovery_codes.left(stranger)
    with pytest.raises(NotAllowedError):
        await services.recovery_codes.renew(stranger, PASSWORD, "000000", browser())


async def test_a_changed_password_of_an_operator_is_told_without_a_way_they_do_not_have(
    services: Services, clock: MovableClock
) -> None:
    account = await factories.operator(services)
    clock.move(seconds=60)
    me = await factories.sign_in_operator(services, account)
    await services.passwords.change(me.actor, PASSWORD, "another horse, another staple", me.caller)
    assert len(await emails(services, "operator_password_changed")) == 1
    assert not await emails(services, "password_changed")


async def entries(services: Services, act: str) -> Sequence[AuditEntry]:
    async with services.database.reading() as work:
        return (await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == act))).all()


async def emails(services: Services, template: str) -> Sequence[Email]:
    async with services.database.reading() as work:
        return (await work.session.exec(select(Email).where(col(Email.template) == template))).all()
