"""Codes sent by e-mail."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import select

from guance_portal.accounts.codes.rules import (
    CodeDeadError,
    CodeExpiredError,
    CodeFormatError,
    CodeJustSentError,
    CodeLimitError,
    CodeMissingError,
    CodeNotSentError,
    CodePurpose,
    CodeSpentError,
    CodeSupersededError,
    CodeTooSoonError,
    CodeWrongError,
)
from guance_portal.accounts.codes.service import CodeScope, EmailCodes
from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Caller
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.core.sealing import Sealer
from tests import factories
from tests.support.clocks import MovableClock

SCOPE = CodeScope(purpose=CodePurpose.SIGN_UP, site="cn1", email="lin@yunfan.example", holder="drft_1")


@pytest.fixture
def codes(clock: MovableClock) -> EmailCodes:
    return EmailCodes(Sealer("k" * 40, "test"), clock)


async def issue(
    database: Database,
    codes: EmailCodes,
    scope: CodeScope = SCOPE,
    *,
    caller: Caller | None = None,
    is_decoy: bool = False,
    is_caught: bool = False,
) -> str:
    async with database.writing() as work:
        issued = await codes.issue(work, scope, caller or factories.browser(), is_decoy=is_decoy, is_caught=is_caught)
        await work.commit()
    return issued.digits


async def check(database: Database, codes: EmailCodes, typed: str, scope: CodeScope = SCOPE) -> PortalError | None:
    async with database.writing() as work:
        problem = await codes.check(work, scope, typed)
        await work.commit()
    return problem


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_code_works_once(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    assert await check(database, codes, code) is None
    assert isinstance(await check(database, codes, code), CodeDeadError)


async def test_a_code_may_be_typed_in_groups_and_wide_digits(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    assert await check(database, codes, f" {wide[:3]} {wide[3:]}") is None


@pytest.mark.parametrize(
    ("typed", "problem"), [("", CodeMissingError), ("12345", CodeFormatError), ("12345a", CodeFormatError)]
)
async def test_what_is_no_code_costs_no_try(
    database: Database, codes: EmailCodes, typed: str, problem: type[PortalError]
) -> None:
    code = await issue(database, codes)
    for _ in range(6):
        assert isinstance(await check(database, codes, typed), problem)
    assert await check(database, codes, code) is None


async def test_without_a_code_sent_none_is_right(database: Database, codes: EmailCodes) -> None:
    assert isinstance(await check(database, codes, "123456"), CodeNotSentError)


async def test_a_code_lives_ten_minutes(database: Database, codes: EmailCodes, clock: MovableClock) -> None:
    code = await issue(database, codes)
    clock.move(minutes=10)
    assert isinstance(await check(database, codes, code), CodeExpiredError)


async def test_a_code_still_works_just_before_ten_minutes(
    database: Database, codes: EmailCodes, clock: MovableClock
) -> None:
    code = await issue(database, codes)
    clock.move(minutes=10, seconds=-1)
    assert await check(database, codes, code) is None


async def test_five_wrong_tries_kill_the_code_and_each_says_what_is_left(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    for left in (4, 3, 2, 1):
        problem = await check(database, codes, other_than(code))
        assert isinstance(problem, CodeWrongError)
        assert problem.params == {"left": left}
    assert isinstance(await check(database, codes, other_than(code)), CodeSpentError)
    assert isinstance(await check(database, codes, code), CodeSpentError)


async def test_wrong_tries_at_once_are_all_counted(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    problems = await asyncio.gather(*(check(database, codes, other_than(code)) for _ in range(8)))
    left = {problem.params["left"] for problem in problems if isinstance(problem, CodeWrongError)}
    assert left == {1, 2, 3, 4}
    assert sum(isinstance(problem, CodeSpentError) for problem in problems) == 4


async def test_of_two_right_tries_at_once_one_wins(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    problems = await asyncio.gather(check(database, codes, code), check(database, codes, code))
    assert sum(problem is None for problem in problems) == 1


async def test_a_newer_code_supersedes_the_older_and_says_so(
    database: Database, codes: EmailCodes, clock: MovableClock
) -> None:
    old = await issue(database, codes)
    clock.move(seconds=60)
    new = await issue(database, codes)
    if old != new:
        assert isinstance(await check(database, codes, old), CodeSupersededError)
    assert await check(database, codes, new) is None


async def test_a_code_is_bound_to_its_purpose(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    other = replace(SCOPE, purpose=CodePurpose.BIND_FEE_ACCOUNT)
    assert isinstance(await check(database, codes, code, other), CodeNotSentError)


async def test_a_code_is_bound_to_the_person_who_asked_for_it(database: Database, codes: EmailCodes) -> None:
    code = await issue(database, codes)
    assert isinstance(await check(database, codes, code, replace(SCOPE, holder="drft_2")), CodeNotSentError)


@pytest.mark.parametrize("change", [{"email": "other@yunfan.example"}, {"site": "us1"}])
async def test_a_code_is_dead_once_address_or_site_changed(
    database: Database, codes: EmailCodes, change: dict[str, str]
) -> None:
    code = await issue(database, codes)
    assert isinstance(await check(database, codes, code, replace(SCOPE, **change)), CodeDeadError)
    assert isinstance(await check(database, codes, code), CodeDeadError)


async def test_the_next_code_waits_sixty_seconds(database: Database, codes: EmailCodes, clock: MovableClock) -> None:
    await issue(database, codes)
    clock.move(seconds=12.5)
    with pytest.raises(CodeTooSoonError) as refusal:
        await issue(database, codes)
    assert refusal.value.seconds == 48
    async with database.reading() as work:
        assert await codes.seconds_to_wait(work, SCOPE) == 48
    clock.move(seconds=47.5)
    await issue(database, codes)


async def test_one_who_presses_twice_is_told_apart_from_one_who_comes_too_soon(
    database: Database, codes: EmailCodes, clock: MovableClock
) -> None:
    await issue(database, codes)
    clock.move(seconds=1)
    with pytest.raises(CodeJustSentError):
        await issue(database, codes)
    for other in (replace(SCOPE, holder="drft_2"), replace(SCOPE, holder="drft_2", email="LIN@yunfan.example")):
        with pytest.raises(CodeTooSoonError) as refusal:
            await issue(database, codes, other)
        assert not isinstance(refusal.value, CodeJustSentError)
    clock.move(seconds=1)
    with pytest.raises(CodeTooSoonError) as refusal:
        await issue(database, codes)
    assert not isinstance(refusal.value, CodeJustSentError)


OTHER_PURPOSES = [
    replace(SCOPE, purpose=CodePurpose.OPEN_FEE_ACCOUNT),
    replace(SCOPE, purpose=CodePurpose.BIND_FEE_ACCOUNT, site=""),
    replace(SCOPE, site="us1"),
]


async def test_an_address_gets_ten_codes_in_a_day_even_if_its_owner_asks(
    services: Services, codes: EmailCodes, clock: MovableClock
) -> None:
    database = services.database
    await factories.console_user(services, SCOPE.email, site="cn2")
    owner = (await factories.sign_in(services, SCOPE.email, site="cn2")).caller
    for number in range(10):
        email = f"{'LIN' if number % 2 else 'lin'}@yunfan.example"
        await issue(database, codes, replace(SCOPE, holder=f"drft_{number}", email=email), caller=owner)
        clock.move(minutes=2)
    for scope in (SCOPE, *OTHER_PURPOSES, replace(SCOPE, purpose=CodePurpose.FEE_EMAIL_OLD)):
        with pytest.raises(CodeLimitError) as refusal:
            await issue(database, codes, scope, caller=owner)
        assert refusal.value.params == {"most": 10}
    clock.move(hours=24)
    await issue(database, codes)


async def test_strangers_use_up_their_share_of_an_address_and_not_the_owners(
    services: Services, codes: EmailCodes, clock: MovableClock
) -> None:
    database = services.database
    await factories.console_user(services, SCOPE.email, site="cn2")
    owner = (await factories.sign_in(services, SCOPE.email, site="cn2")).caller

    async def most(scope: CodeScope, caller: Caller | None = None) -> object:
        clock.move(minutes=2)
        try:
            await issue(database, codes, scope, caller=caller)
        except CodeLimitError as refusal:
            return refusal.params["most"]
        return None

    assert [await most(replace(SCOPE, holder=f"drft_{n}")) for n in range(6)] == [None] * 5 + [5]
    assert [await most(replace(scope, holder="drft_9")) for scope in OTHER_PURPOSES] == [None, None, 7]
    assert await most(SCOPE) == 7
    assert await most(replace(SCOPE, purpose=CodePurpose.FEE_EMAIL_OLD, site="")) is None
    assert [await most(SCOPE, owner) for _ in range(3)] == [None, None, 10]


async def test_what_a_program_asks_for_counts_for_the_program_alone(
    database: Database, codes: EmailCodes, clock: MovableClock
) -> None:
    program = replace(SCOPE, holder="drft_program")
    for _ in range(5):
        await issue(database, codes, program, is_caught=True)
        with pytest.raises(CodeTooSoonError):
            await issue(database, codes, program, is_caught=True)
        clock.move(minutes=2)
    with pytest.raises(CodeLimitError):
        await issue(database, codes, program, is_caught=True)
    for number in range(12):
        await issue(database, codes, replace(SCOPE, holder=f"drft_program_{number}"), is_caught=True)
    async with database.reading() as work:
        assert await codes.seconds_to_wait(work, SCOPE) == 0
    code = await issue(database, codes)
    assert await check(database, codes, code) is None


async def test_requests_at_once_send_one_code(database: Database, codes: EmailCodes) -> None:
    answers = await asyncio.gather(
        *(issue(database, codes, replace(SCOPE, holder=f"drft_{n}")) for n in range(6)), return_exceptions=True
    )
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, CodeTooSoonError) for answer in answers) == 5


async def test_of_codes_asked_for_at_once_one_is_live(database: Database, codes: EmailCodes) -> None:
    await asyncio.gather(*(issue(database, codes, replace(SCOPE, email=f"lin{n}@yunfan.example")) for n in range(4)))
    async with database.reading() as work:
        rows = (await work.session.exec(select(EmailCode))).all()
    assert len(rows) == 4
    assert sum(row.ended_at is None for row in rows) == 1


async def test_nothing_typed_matches_a_decoy_and_it_answers_like_a_code(database: Database, codes: EmailCodes) -> None:
    digits = await issue(database, codes, is_decoy=True)
    lefts: list[object] = []
    for _ in range(4):
        problem = await check(database, codes, digits)
        assert isinstance(problem, CodeWrongError)
        lefts.append(problem.params["left"])
    assert lefts == [4, 3, 2, 1]
    assert isinstance(await check(database, codes, digits), CodeSpentError)


async def test_the_digits_are_kept_nowhere(database: Database, codes: EmailCodes) -> None:
    digits = await issue(database, codes)
    async with database.reading() as work:
        row = (await work.session.exec(select(EmailCode))).one()
    assert digits not in row.model_dump_json(exclude={"id", "code_hash", "created_at", "expires_at"})
    assert len(row.code_hash) == 64
    assert row.code_hash != Sealer("another key", "test").fingerprint(f"{row.id}:{digits}")
