"""Cancelled, expired, released, renewed: the registered account follows, with one email, and nothing twice."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.payers.cloud_errors import CloudError
from guance_portal.payers.ports import CloudClaim
from guance_portal.settlement.rules import RefusalReason
from guance_portal.settlement.switching import ChangeOrder
from guance_portal.sites import Provider
from tests import factories
from tests.integration.settlement.test_switching import effect, payer
from tests.support.aliyun import LATER, Market
from tests.support.clocks import MovableClock
from tests.support.emails import emails
from tests.support.settlers import Settler, open_paid


async def settled(here: Settler, market: Market, clock: MovableClock) -> CloudClaim:
    """The workspace is settled by an account that the payer registered."""
    claim = await market.sell()
    cloud = await here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, claim)
    await here.change(f"account:{cloud}")
    await effect(here, clock)
    assert (await payer(here.services, here.workspace_id)).cloud_account_id == cloud
    return claim


@pytest.mark.parametrize("action", ["expiredInstance", "releaseInstance"])
async def test_the_workspaces_return_with_one_email_however_often_it_is_told(
    here: Settler, market: Market, clock: MovableClock, action: str
) -> None:
    claim = await settled(here, market, clock)
    version = (await here.look()).version
    await asyncio.gather(*(market.send(action, instanceId=claim.instance) for _ in range(30)))
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    # One to the owner, one to the account that pays.
    assert len(await emails(here.services, "settlement_reverted")) == 2
    (account,) = await here.services.cloud_accounts.mine(here.payer)
    assert not account.is_live
    # Open dialogs and pages watch this number.
    assert (await here.look()).version == version + 1


async def test_of_several_workspaces_each_person_gets_one_email(
    here: Settler, market: Market, clock: MovableClock
) -> None:
    services, fee_account_id = here.services, here.payer.subject_id
    other = await factories.console_user(services, email="other@yunfan.example", username="other")
    more = [
        await open_paid(services, owner_id, fee_account_id, name=name)
        for owner_id, name in ((here.owner.subject_id, "云帆-测试环境"), (other, "别人的环境"))
    ]
    claim = await settled(here, market, clock)
    (account,) = await services.cloud_accounts.mine(here.payer)
    for workspace_id in more:
        order = ChangeOrder(actor=here.payer, workspace_id=workspace_id, choice=f"account:{account.id}")
        await services.settlement.switching.change(order)
    await effect(here, clock)
    await asyncio.gather(*(market.send("releaseInstance", instanceId=claim.instance) for _ in range(5)))
    told = {email.recipient: email.params["workspaces"] for email in await emails(services, "settlement_reverted")}
    assert len(await emails(services, "settlement_reverted")) == 3
    payer_email = (await services.fee_center.account(here.payer)).email
    owner_email = next(one for one in told if one not in {payer_email, "other@yunfan.example"})
    assert {name.partition("（")[0] for name in told[payer_email].split("\n")} == {
        "云帆-生产环境",
        "云帆-测试环境",
        "别人的环境",
    }
    assert {name.partition("（")[0] for name in told[owner_email].split("\n")} == {"云帆-生产环境", "云帆-测试环境"}
    assert told["other@yunfan.example"] == "别人的环境（中国区1（杭州），2026-07-03 起）"
    for workspace_id in (here.workspace_id, *more):
        assert (await payer(services, workspace_id)).method.value == "enterprise"


async def test_an_account_that_paid_for_nothing_is_closed_with_one_email_too(here: Settler, market: Market) -> None:
    claim = await market.sell()
    await here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, claim)
    for _ in range(3):
        await market.send("releaseInstance", instanceId=claim.instance)
    (email,) = await emails(here.services, "cloud_account_closed")
    assert email.params["account"] == "1827 **** **** 4093"
    assert await emails(here.services, "settlement_reverted") == []


async def test_renewed_it_can_be_chosen_again_and_nothing_switches_back(
    here: Settler, market: Market, clock: MovableClock
) -> None:
    claim = await settled(here, market, clock)
    await market.send("expiredInstance", instanceId=claim.instance)
    await market.send("renewInstance", instanceId=claim.instance, orderId="o1", expiredOn=LATER)
    (account,) = await here.services.cloud_accounts.mine(here.payer)
    assert account.is_live
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    options = {str(option.verdict.choice): option.verdict for option in (await here.look()).options}
    assert RefusalReason.ACCOUNT_CLOSED not in options[f"account:{account.id}"].reasons


async def test_subscribed_again_it_is_registered_again(here: Settler, market: Market, clock: MovableClock) -> None:
    first = await settled(here, market, clock)
    await market.send("releaseInstance", instanceId=first.instance)
    again = await market.sell()
    assert again.instance != first.instance
    with pytest.raises(CloudError):
        await here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, first)
    await here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, again)
    assert [one.is_live for one in await here.services.cloud_accounts.mine(here.payer)] == [False, True]


async def test_registering_and_ending_at_once_leaves_no_live_account_of_a_dead_subscription(
    here: Settler, market: Market
) -> None:
    for _ in range(8):
        claim = await market.sell()
        await asyncio.gather(
            here.services.cloud_accounts.register(here.payer, Provider.ALIYUN, claim),
            market.send("releaseInstance", instanceId=claim.instance),
            return_exceptions=True,
        )
    assert not any(one.is_live for one in await here.services.cloud_accounts.mine(here.payer))


async def test_an_end_and_its_repetitions_at_once_with_a_change_lose_nothing(
    here: Settler, market: Market, clock: MovableClock
) -> None:
    claim = await settled(here, market, clock)
    await asyncio.gather(
        here.change("enterprise"),
        market.send("expiredInstance", instanceId=claim.instance),
        market.send("releaseInstance", instanceId=claim.instance),
        return_exceptions=True,
    )
    assert (await payer(here.services, here.workspace_id)).method.value == "enterprise"
    (account,) = await here.services.cloud_accounts.mine(here.payer)
    assert not account.is_live
