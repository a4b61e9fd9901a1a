"""Fee-centre accounts: one per username, entered with username or e-mail."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.accounts.errors import WrongLoginError
from guance_portal.accounts.identity.usernames import UsernameTakenError
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from tests import factories


async def enter(services: Services, login: str) -> str:
    return (await factories.sign_in(services, login, realm=Realm.FEE_CENTER, site="")).actor.subject_id


@pytest.mark.parametrize("login", ["yunfan", "YunFan", "ｙｕｎｆａｎ", "pay@yunfan.example", "PAY@Yunfan.Example"])
async def test_username_and_email_both_open_the_account(services: Services, login: str) -> None:
    account = await factories.fee_account(services)
    assert await enter(services, login) == account


async def test_an_email_of_several_accounts_opens_none_but_their_usernames_do(services: Services) -> None:
    await factories.fee_account(services)
    second = await factories.fee_account(services, "yunfan2")
    with pytest.raises(WrongLoginError):
        await enter(services, "pay@yunfan.example")
    assert await enter(services, "yunfan2") == second


async def test_a_username_is_one_account_for_the_faster_one(services: Services) -> None:
    attempts = (factories.fee_account(services, name) for name in ("yunfan", "YUNFAN", "ｙｕｎｆａｎ"))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["UsernameTakenError"] * 2 + ["str"]
    with pytest.raises(UsernameTakenError) as refusal:
        await factories.fee_account(services, "YunFan")
    assert refusal.value.field == "username"


async def test_the_fee_centre_is_entered_at_any_site_and_reads_the_time_of_its_own(services: Services) -> None:
    await factories.fee_account(services)
    session = await factories.sign_in(services, "yunfan", realm=Realm.FEE_CENTER, site="us1")
    assert session.live.site == "cn1"
