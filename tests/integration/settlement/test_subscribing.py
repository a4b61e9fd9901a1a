"""Changing to a cloud account that was subscribed just now: registered and ordered, or nothing of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import col, select

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor
from guance_portal.core.errors import NotAllowedError
from guance_portal.mail.tables import Email
from guance_portal.payers.cloud_errors import SubscriptionUnknownError
from guance_portal.payers.ports import CloudClaim
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement.errors import ChangePendingError, MethodNotChoosableError, MonthUsedError
from guance_portal.settlement.subscribing import SubscribeOrder
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Provider
from tests import factories
from tests.support.clocks import MovableClock
from tests.support.marketplace import SimulatedMarketplace
from tests.support.settlers import Settler


def sell(services: Services, instance: str = "inst-1", *, provider: Provider = Provider.ALIYUN) -> CloudClaim:
    """Somebody subscribes at a simulator."""
    marketplace = services.settlement.providers.marketplace(provider)
    assert isinstance(marketplace, SimulatedMarketplace)
    return marketplace.sell("1827000000004093", instance)


def ordered(here: Settler, claim: CloudClaim, actor: Actor | None = None) -> SubscribeOrder:
    """The order of the dialog's button."""
    return SubscribeOrder(
        actor=actor or here.owner, workspace_id=here.workspace_id, provider=Provider.ALIYUN, claim=claim
    )


async def left(services: Services) -> tuple[int, int, list[str]]:
    """Cloud accounts, changes, and the emails about them."""
    async with services.database.reading() as work:
        clouds = (await work.session.exec(select(CloudAccount))).all()
        changes = (await work.session.exec(select(SettlementChange))).all()
        told = select(col(Email.template)).where(
            col(Email.template).in_(("cloud_account_registered", "settlement_scheduled"))
        )
        return len(clouds), len(changes), sorted((await work.session.exec(told)).all())


async def test_ten_clicks_of_owner_and_payer_register_one_account_and_order_one_change(here: Settler) -> None:
    claim = sell(here.services)
    subscribe = here.services.settlement.subscribing.subscribe
    orders = [ordered(here, claim), ordered(here, claim, here.payer)] * 5
    receipts = await asyncio.gather(*(subscribe(order) for order in orders))
    assert len({receipt.change_id for receipt in receipts}) == 1
    told = ["cloud_account_registered", "settlement_scheduled", "settlement_scheduled"]
    assert await left(here.services) == (1, 1, told)
    # The answer that got lost: the same order once more.
    assert await subscribe(orders[0]) == receipts[0]


async def test_a_subscription_that_is_not_there_changes_nothing(here: Settler) -> None:
    sell(here.services)
    with pytest.raises(SubscriptionUnknownError):
        await here.services.settlement.subscribing.subscribe(
            ordered(here, CloudClaim(account="1827000000004093", instance="guess"))
        )
    assert await left(here.services) == (0, 0, [])


async def test_what_may_not_be_chosen_is_not_registered_either(here: Settler, clock: MovableClock) -> None:
    subscribe = here.services.settlement.subscribing.subscribe
    with pytest.raises(MethodNotChoosableError):
        await subscribe(replace(ordered(here, sell(here.services, provider=Provider.AWS)), provider=Provider.AWS))
    assert (await left(here.services))[:2] == (0, 0)
    await here.change(await here.register("1827000000000001"))
    with pytest.raises(ChangePendingError):
        await subscribe(ordered(here, sell(here.services)))
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    await here.change("enterprise")
    clock.move(days=1)
    await here.services.settlement.effects.take_due()
    with pytest.raises(MonthUsedError):
        await subscribe(ordered(here, sell(here.services)))
    assert (await left(here.services))[0] == 1


async def test_anyone_who_may_not_change_the_method_may_not_subscribe(here: Settler, services: Services) -> None:
    user_id = await factories.console_user(services, email="admin@yunfan.example")
    async with services.database.writing() as work:
        member = Member(
            workspace_id=here.workspace_id, user_id=user_id, role=Role.ADMIN, created_at=services.clock.now()
        )
        work.session.add(member)
        await work.commit()
    admin = (await factories.sign_in(services, "admin@yunfan.example")).actor
    with pytest.raises(NotAllowedError):
        await services.settlement.subscribing.subscribe(ordered(here, sell(services), admin))
    assert await left(services) == (0, 0, [])


async def test_a_registered_account_of_ones_own_is_simply_chosen(here: Settler) -> None:
    claim = sell(here.services)
    await here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, claim)
    await here.services.settlement.subscribing.subscribe(ordered(here, claim))
    assert (await left(here.services))[:2] == (1, 1)
