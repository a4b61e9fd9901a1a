"""In AWS China the buyer sees their 12-digit account, masked, wherever the cloud account is shown."""

from __future__ import annotations

import httpx
import pytest
from sqlmodel import select

from guance_portal import routes
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Actor, Realm
from guance_portal.mail.tables import Email
from guance_portal.operations import queries as operations
from guance_portal.payers.rules import mask
from guance_portal.payers.tables import CloudAccount
from tests.integration.marketplaces.aws.test_landing import land
from tests.support.aws_peer import AwsPeer
from tests.support.settlers import Settler, settler

IDENTIFIER, ACCOUNT, SHOWN = "aGv8cUstoMer", "441012347725", "4410 **** 7725"
OPERATOR = Actor(realm=Realm.OPERATOR, subject_id="oper_1", session_id="s")


@pytest.fixture
async def here(services: Services) -> Settler:
    """A workspace at the site of AWS in China."""
    return await settler(services, site="cn2")


async def registered(here: Settler, market: httpx.AsyncClient, peer: AwsPeer) -> str:
    """A buyer lands, and the owner lets the account settle the workspace."""
    peer.tokens["t"] = {
        "_at": "/cn",
        "ProductCode": "code0",
        "CustomerIdentifier": IDENTIFIER,
        "CustomerAWSAccountId": ACCOUNT,
    }
    where, cookie = await land(market, "t")
    claims = here.services.marketplaces.claims
    view = await claims.look(where.partition("#")[2], cookie)
    assert view.subscription
    assert mask(view.subscription.buyer) == SHOWN
    taken = await claims.take(here.owner, where.partition("#")[2], cookie, here.workspace_id)
    assert taken.change
    return taken.cloud_account_id


async def test_every_place_shows_the_account_that_the_buyer_knows(
    here: Settler, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    services, cloud_account_id = here.services, await registered(here, market, peer)
    assert mask(ACCOUNT) == SHOWN
    [listed] = await services.cloud_accounts.mine(here.payer)
    assert listed.account == SHOWN
    overview = await here.look()
    assert overview.pending
    assert overview.pending.account == SHOWN
    assert SHOWN in {option.account for option in overview.options}
    async with services.database.reading() as work:
        emails = (await work.session.exec(select(Email))).all()
        assert (await operations.names(work, [cloud_account_id])) == {cloud_account_id: SHOWN}
    assert {email.params["account"] for email in emails if email.template == "cloud_account_registered"} == {SHOWN}
    told = [value for email in emails for value in email.params.values()]
    assert not [value for value in told if IDENTIFIER in value or mask(IDENTIFIER) in value]
    for asked in (ACCOUNT, IDENTIFIER):
        [bought] = (await services.marketplaces.admin.subscriptions(OPERATOR, asked=asked)).lines
        assert (bought.subscription.buyer, bought.subscription.instance) == (ACCOUNT, IDENTIFIER)


async def test_an_account_that_is_told_later_is_shown_from_then_on(
    here: Settler, market: httpx.AsyncClient, peer: AwsPeer
) -> None:
    services = here.services
    await registered(here, market, peer)
    async with services.database.writing() as work:
        row = (await work.session.exec(select(CloudAccount))).one()
        row.known_as = ""
        await work.commit()
    peer.tokens["u"] = {**peer.tokens["t"]}  # pyright: ignore[reportGeneralTypeIssues] - what the test put there
    await land(market, "u")
    [listed] = await services.cloud_accounts.mine(here.payer)
    assert listed.account == SHOWN


@pytest.mark.parametrize("path", [routes.AWS_LANDING, f"{routes.AWS_LANDING}/"])
async def test_the_landing_helps_anyone_who_opens_it_by_hand(market: httpx.AsyncClient, path: str) -> None:
    answer = await market.get(path, headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/marketplace/claim?provider=aws&problem=visited")
    program = await market.get(path, headers={"accept": "application/json"})
    assert (program.status_code, program.headers["allow"]) == (405, "POST")
