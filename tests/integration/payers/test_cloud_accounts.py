"""Cloud accounts: registered once, under one fee-centre account, as their marketplace knows them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from guance_portal import bootstrap
from guance_portal.core.actor import Realm
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.passwords import Passwords
from guance_portal.payers.cloud_accounts import (
    CloudAccountTakenError,
    MarketplaceMissingError,
    SubscriptionEndedError,
    SubscriptionUnknownError,
)
from guance_portal.payers.ports import Claim
from guance_portal.sites import Provider
from tests import factories
from tests.support.marketplace import StandInMarketplace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from guance_portal.bootstrap import Services
    from guance_portal.core.actor import Actor
    from guance_portal.core.settings import Settings
    from tests.support.clocks import MovableClock

ALIYUN = StandInMarketplace(Provider.ALIYUN)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """A portal joined to one marketplace."""
    services = bootstrap.build(portal_settings, clock=clock, hashes=Passwords(2, QUICK), marketplaces=[ALIYUN])
    yield services
    await services.close()


async def payer(services: Services, username: str) -> Actor:
    """A fee-centre account that has signed in."""
    await factories.fee_account(services, username, email=f"{username}@yunfan.example")
    return (await factories.sign_in(services, username, realm=Realm.FEE_CENTER)).actor


async def test_a_subscription_is_registered_once_however_often_it_is_claimed(services: Services) -> None:
    actor, claim = await payer(services, "yunfan"), ALIYUN.sell("1827000000004093", "inst-1")
    register = services.cloud_accounts.register
    ids = await asyncio.gather(*(register(actor, Provider.ALIYUN, claim) for _ in range(20)))
    assert len(set(ids)) == 1
    (mine,) = await services.cloud_accounts.mine(actor)
    assert (mine.account, mine.instance, mine.workspaces) == ("1827 **** **** 4093", "**** -1", 0)


async def test_it_belongs_to_whoever_was_first(services: Services) -> None:
    first, second = await payer(services, "first"), await payer(services, "second")
    claim = ALIYUN.sell("1827000000004093", "inst-2")
    await services.cloud_accounts.register(first, Provider.ALIYUN, claim)
    with pytest.raises(CloudAccountTakenError):
        await services.cloud_accounts.register(second, Provider.ALIYUN, claim)
    assert await services.cloud_accounts.mine(second) == []


async def test_only_a_live_subscription_of_a_connected_marketplace_is_registered(services: Services) -> None:
    actor, ended = await payer(services, "yunfan"), ALIYUN.sell("1827000000004093", "inst-3")
    ALIYUN.end(ended)
    register = services.cloud_accounts.register
    with pytest.raises(SubscriptionEndedError):
        await register(actor, Provider.ALIYUN, ended)
    with pytest.raises(SubscriptionUnknownError):
        await register(actor, Provider.ALIYUN, Claim(account="1827000000004093", instance="another"))
    with pytest.raises(MarketplaceMissingError):
        await register(actor, Provider.AWS, ended)


async def test_it_is_for_fee_centre_accounts_alone(services: Services) -> None:
    await factories.console_user(services)
    owner = (await factories.sign_in(services)).actor
    with pytest.raises(NotAllowedError):
        await services.cloud_accounts.register(owner, Provider.ALIYUN, ALIYUN.sell("1", "2"))
    with pytest.raises(NotAllowedError):
        await services.cloud_accounts.mine(owner)
