"""账户管理: the company by sign-up's rules, and another e-mail by a code at both addresses."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import col, select

from guance_portal.accounts.codes.rules import (
    CodeDeadError,
    CodeExpiredError,
    CodeSpentError,
    CodeSupersededError,
    CodeTooSoonError,
    CodeWrongError,
)
from guance_portal.accounts.errors import PasswordNeededError, ResetLinkSpentError
from guance_portal.accounts.identity.contact import EmailInvalidError
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.checklist import FormProblemsError
from guance_portal.core.errors import NotAllowedError
from guance_portal.payers.company import CompanyForm
from guance_portal.payers.email_change import OldEmailFirstError, SameEmailError
from tests import factories
from tests.factories import SignedIn
from tests.support.clocks import MovableClock
from tests.support.emails import emails, newest
from tests.support.sign_up import COMPANY

OLD, NEW = "pay@yunfan.example", "finance@yunfan.example"


@pytest.fixture
async def payer(services: Services) -> SignedIn:
    await factories.fee_account(services)
    return await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)


async def code(services: Services, to: str) -> str:
    email = await newest(services, "verification_code")
    assert email.recipient == to
    return email.params["code"]


async def prove_old(services: Services, who: SignedIn) -> None:
    await services.email_changes.send_to_old(who.actor, who.caller)
    await services.email_changes.prove_old(who.actor, await code(services, OLD), who.caller)


async def email(services: Services, who: SignedIn) -> str:
    return (await services.fee_center.account(who.actor)).email


async def acts(services: Services) -> list[str]:
    async with services.database.reading() as work:
        found = select(AuditEntry.act).where(col(AuditEntry.actor_realm) == Realm.FEE_CENTER)
        return list((await work.session.exec(found)).all())


async def test_a_company_is_given_changed_and_the_same_again_leaves_no_trace(
    services: Services, payer: SignedIn
) -> None:
    assert (await services.fee_center.account(payer.actor)).company is None
    for name in (COMPANY.company_name, "云帆控股有限公司", "云帆控股有限公司"):
        await services.companies.change(payer.actor, COMPANY.but(company_name=name), payer.caller)
    company = (await services.fee_center.account(payer.actor)).company
    assert company
    assert company.company_name == "云帆控股有限公司"
    assert (await acts(services)).count("company.changed") == 2


async def test_everything_wrong_with_a_company_is_told_at_once(services: Services, payer: SignedIn) -> None:
    with pytest.raises(FormProblemsError) as problems:
        await services.companies.change(payer.actor, CompanyForm(uscc="123"), payer.caller)
    assert [problem.field for problem in problems.value] == ["company_name", "uscc", "industry", "region", "contact"]


async def test_both_codes_change_the_address_and_both_are_told(services: Services, payer: SignedIn) -> None:
    await prove_old(services, payer)
    await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)
    await services.email_changes.change(payer.actor, NEW, await code(services, NEW), payer.caller)
    assert await email(services, payer) == NEW
    assert {message.recipient for message in await emails(services, "fee_email_changed")} == {OLD, NEW}
    assert {"fee_email.old_proven", "fee_email.changed"} <= set(await acts(services))
    await factories.sign_in(services, NEW, realm=Realm.FEE_CENTER)


async def test_the_old_address_comes_first(services: Services, payer: SignedIn) -> None:
    for act in (
        services.email_changes.send_to_new(payer.actor, NEW, payer.caller),
        services.email_changes.change(payer.actor, NEW, "123456", payer.caller),
    ):
        with pytest.raises(OldEmailFirstError):
            await act
    assert not await emails(services, "verification_code")


async def test_a_wrong_code_counts_and_five_kill_it(services: Services, payer: SignedIn) -> None:
    await services.email_changes.send_to_old(payer.actor, payer.caller)
    right = await code(services, OLD)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for error in (CodeWrongError, CodeWrongError, CodeWrongError, CodeWrongError, CodeSpentError):
        with pytest.raises(error):
            await services.email_changes.prove_old(payer.actor, wrong, payer.caller)
    with pytest.raises(CodeSpentError):
        await services.email_changes.prove_old(payer.actor, right, payer.caller)
    assert not await services.email_changes.is_old_proven(payer.actor)


async def test_codes_are_single_use_superseded_and_expire(
    services: Services, payer: SignedIn, clock: MovableClock
) -> None:
    await services.email_changes.send_to_old(payer.actor, payer.caller)
    first = await code(services, OLD)
    with pytest.raises(CodeTooSoonError):
        await services.email_changes.send_to_old(payer.actor, payer.caller)
    clock.move(seconds=61)
    await services.email_changes.send_to_old(payer.actor, payer.caller)
    second = await code(services, OLD)
    if first != second:
        with pytest.raises(CodeSupersededError):
            await services.email_changes.prove_old(payer.actor, first, payer.caller)
    await services.email_changes.prove_old(payer.actor, second, payer.caller)
    with pytest.raises(CodeDeadError):
        await services.email_changes.prove_old(payer.actor, second, payer.caller)
    await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)
    clock.move(minutes=11)
    with pytest.raises(CodeExpiredError):
        await services.email_changes.change(payer.actor, NEW, await code(services, NEW), payer.caller)


async def test_the_code_of_one_new_address_is_worth_nothing_for_another(services: Services, payer: SignedIn) -> None:
    await prove_old(services, payer)
    await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)
    with pytest.raises(CodeDeadError):
        await services.email_changes.change(payer.actor, "thief@evil.example", await code(services, NEW), payer.caller)
    assert await email(services, payer) == OLD


async def test_the_proof_of_the_old_address_holds_in_this_session_for_half_an_hour(
    services: Services, payer: SignedIn, clock: MovableClock
) -> None:
    await prove_old(services, payer)
    other = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER)
    assert await services.email_changes.is_old_proven(payer.actor)
    assert not await services.email_changes.is_old_proven(other.actor)
    with pytest.raises(OldEmailFirstError):
        await services.email_changes.send_to_new(other.actor, NEW, other.caller)
    clock.move(minutes=30)
    with pytest.raises(OldEmailFirstError):
        await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)


@pytest.mark.parametrize(
    ("typed", "error"), [(OLD, SameEmailError), ("PAY@yunfan.example", SameEmailError), ("x", EmailInvalidError)]
)
async def test_an_address_that_cannot_be_is_told_at_the_field(
    services: Services, payer: SignedIn, typed: str, error: type[SameEmailError]
) -> None:
    await prove_old(services, payer)
    with pytest.raises(error) as problem:
        await services.email_changes.send_to_new(payer.actor, typed, payer.caller)
    assert problem.value.field == "email"


async def test_links_sent_to_the_old_address_are_dead_afterwards(services: Services, payer: SignedIn) -> None:
    await services.passwords.ask_reset(Realm.FEE_CENTER, "yunfan", "", payer.caller)
    token = (await newest(services, "password_reset")).params["link"].partition("#")[2]
    await prove_old(services, payer)
    await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)
    await services.email_changes.change(payer.actor, NEW, await code(services, NEW), payer.caller)
    with pytest.raises(ResetLinkSpentError):
        await services.passwords.reset(token, "quiet lantern over nine rivers", payer.caller)


async def test_of_twenty_at_once_one_changes_it(services: Services, payer: SignedIn) -> None:
    await prove_old(services, payer)
    await services.email_changes.send_to_new(payer.actor, NEW, payer.caller)
    digits = await code(services, NEW)
    ends = await asyncio.gather(
        *(services.email_changes.change(payer.actor, NEW, digits, payer.caller) for _ in range(20)),
        return_exceptions=True,
    )
    assert sum(end is None for end in ends) == 1
    assert len(await emails(services, "fee_email_changed")) == 2


async def test_nobody_else_changes_anything(services: Services, payer: SignedIn) -> None:
    limited = replace(payer.actor, workspace_id="wksp_1")
    await factories.console_user(services)
    user = await factories.sign_in(services)
    for actor, error in ((limited, PasswordNeededError), (user.actor, NotAllowedError)):
        for act in (
            services.companies.change(actor, COMPANY, user.caller),
            services.email_changes.send_to_old(actor, user.caller),
            services.email_changes.prove_old(actor, "123456", user.caller),
            services.email_changes.send_to_new(actor, NEW, user.caller),
            services.email_changes.change(actor, NEW, "123456", user.caller),
            services.email_changes.is_old_proven(actor),
        ):
            with pytest.raises(error):
                await act
