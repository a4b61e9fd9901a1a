"""The event socket takes any ids for any provider: those of an AWS licence, which are no secret, register nothing."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from sqlmodel import col, func, select

from guance_portal.bootstrap import Services
from guance_portal.marketplaces.purchases import Purchase
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement.tables import SettlementChange
from guance_portal.sites import Currency, Provider
from guance_portal.state.settlement.cloud_subscribe import CloudSubscribeState
from guance_portal.state.settlement.dialog import SettlementState
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged
from tests.support.settled_companies import company

CLOUD = CloudSubscribeState.get_full_name()
SETTLEMENT = SettlementState.get_full_name()
LICENCE = "arn:aws-cn:license-manager::294406891311:license:l-"


def sold(people: People) -> tuple[str, str]:
    """Somebody else's live subscription: account and licence."""
    account, licence = str(10**11 + secrets.randbelow(9 * 10**11)), LICENCE + secrets.token_hex(16)

    async def record(services: Services) -> None:
        listing = services.marketplaces.listings.of(Provider.AWS, Currency.CNY)
        assert listing
        await services.marketplaces.subscriptions.record_purchase(
            Purchase(listing=listing, account=account, instance=licence)
        )

    people.do(record)
    return account, licence


@pytest.mark.parametrize("who", ["owner", "payer"])
async def test_ids_of_aws_that_are_typed_into_the_socket_register_nothing(
    portal: PortalServer, people: People, who: str
) -> None:
    here, (account, licence) = company(people, site="cn2"), sold(people)
    session, path = (here.owner, "/workspace/billing") if who == "owner" else (here.payer, "/fee-center/workspaces")
    opening: tuple[str, Any] = ("open_settlement", {})
    if who == "payer":
        opening = ("open_paid_settlement", {"workspace_id": here.workspace_id})
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot(path)
        await socket.call(f"{SETTLEMENT}.{opening[0]}", opening[1], path=path)
        await socket.call(f"{CLOUD}.open_cloud", {"choice": "provider:aws"}, path=path)
        assert merged(await socket.settle())[CLOUD]["is_open_rx_state_"] is True
        form = {"account": account, "instance": licence}
        await socket.call(f"{CLOUD}.verify", {"form": form}, path=path)
        shown = merged(await socket.settle())[CLOUD]
    assert shown["failure_rx_state_"]["number"] == "STL-4032"

    async def left(services: Services) -> list[int]:
        async with services.database.reading() as work:
            asked = (
                select(func.count()).where(col(CloudAccount.account) == account),
                select(func.count()).where(col(SettlementChange.workspace_id) == here.workspace_id),
            )
            return [(await work.session.exec(one)).one() for one in asked]

    assert people.do(left) == [0, 0]
