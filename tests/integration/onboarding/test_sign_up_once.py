"""注册: once, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.accounts.tables import User
from guance_portal.bootstrap import Services
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.messages import text
from guance_portal.onboarding.drafts import DraftView
from guance_portal.onboarding.rules import (
    EmailRegisteredError,
    SignUpFinishedError,
    StepNotReachedError,
)
from guance_portal.onboarding.tables import Consent
from guance_portal.payers.tables import FeeAccount
from tests.support.clocks import MovableClock
from tests.support.sign_up import Signer, rows, visitor


async def test_a_double_click_makes_one_account(signer: Signer) -> None:
    await signer.confirm_basic()
    receipts = await asyncio.gather(*(signer.register() for _ in range(4)))
    assert len({receipt.user_id for receipt in receipts}) == 1
    assert len(await rows(signer.services, User)) == len(await rows(signer.services, FeeAccount)) == 1
    assert len(await rows(signer.services, Consent)) == 2
    for receipt in receipts:
        await signer.sign_in(receipt)


async def test_a_lost_answer_can_be_asked_for_again_for_a_minute(signer: Signer, clock: MovableClock) -> None:
    await signer.confirm_basic()
    first = await signer.register()
    clock.move(seconds=59)
    again = await signer.register()
    assert again.user_id == first.user_id
    await signer.sign_in(again)
    clock.move(seconds=1)
    with pytest.raises(SignUpFinishedError):
        await signer.register()


async def test_what_a_page_keeps_too_late_begins_no_other_registration(signer: Signer, clock: MovableClock) -> None:
    await signer.confirm_basic()
    await signer.register()
    clock.move(minutes=2)
    assert await signer.services.onboarding.drafts.save(signer.who.browser, {"contact": "林知夏"}) == DraftView()
    with pytest.raises(SignUpFinishedError):
        await signer.register()


async def test_of_two_people_with_one_username_the_later_is_told_with_suggestions_and_loses_nothing_else(
    services: Services,
) -> None:
    first, second = Signer(services), Signer(services)
    second.form = second.form.but(username=first.form.username.upper())
    await first.confirm_basic()
    await second.confirm_basic()
    outcomes = await asyncio.gather(first.register(), second.register(), return_exceptions=True)
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(lost, UsernameTakenError)
    assert len(lost.suggestions) == 3
    assert len(await rows(services, User)) == 1
    loser = first if isinstance(outcomes[0], BaseException) else second
    view = await services.onboarding.drafts.load(loser.who.browser)
    assert (view.is_confirmed, view.has_password, view.is_email_proven) == (False, True, True)
    assert (view.form.username, view.form.email) == (loser.form.username, loser.form.email)
    with pytest.raises(StepNotReachedError):
        await loser.register()
    loser.form = loser.form.but(username=lost.suggestions[0], password="", code="")
    await services.onboarding.step_one.confirm(loser.who, loser.form)
    await loser.register()
    assert len(await rows(services, FeeAccount)) == 2


async def test_of_two_browsers_with_one_address_the_later_is_told_to_sign_in(
    services: Services, clock: MovableClock
) -> None:
    first, second = Signer(services), Signer(services)
    second.form = second.form.but(email=first.form.email)
    await first.confirm_basic()
    clock.move(seconds=60)
    await second.confirm_basic()
    outcomes = await asyncio.gather(first.register(), second.register(), return_exceptions=True)
    (lost,) = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(lost, EmailRegisteredError)
    assert lost.field == "email"
    said = text(lost.code, **lost.params)
    assert said.zh == "该邮箱已在此站点注册，请直接登录或重置密码，也可以更换邮箱。"
    assert "Sign in or reset the password" in said.en
    loser = first if isinstance(outcomes[0], BaseException) else second
    view = await services.onboarding.drafts.load(loser.who.browser)
    assert (view.is_confirmed, view.form.username, view.form.email) == (False, loser.form.username, loser.form.email)
    assert len(await rows(services, User)) == len(await rows(services, FeeAccount)) == 1


async def test_the_same_person_registers_at_another_site_in_the_same_browser(services: Services) -> None:
    here = Signer(services)
    await here.complete()
    there = Signer(
        services, here.who, here.form.but(site="us1", username=f"{here.form.username}_us", phone="", code="")
    )
    opened = await there.complete()
    assert opened.site.code == "us1"
    users = await rows(services, User)
    assert {(user.site, user.email) for user in users} == {("cn1", here.form.email), ("us1", here.form.email)}


async def test_from_one_network_address_registrations_are_sent_a_hundred_and_twenty_times_an_hour_and_no_more(
    services: Services,
) -> None:
    for _ in range(120):
        with pytest.raises(StepNotReachedError):
            await Signer(services, visitor(address="203.0.113.9")).register()
    signer = Signer(services, visitor(address="203.0.113.9"))
    await signer.confirm_basic()
    with pytest.raises(TooManyAttemptsError):
        await signer.register()
    assert await rows(services, User) == []
    moved = replace(signer.who, caller=replace(signer.who.caller, address="203.0.113.10"))
    assert (await Signer(services, moved, signer.form).register()).ticket
