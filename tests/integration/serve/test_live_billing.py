"""付费计划与账单 is told of use by itself, by whichever worker took it; whoever may no longer see it is told nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import col, update

from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member
from guance_portal.state.billing_quota import QuotaState
from guance_portal.state.billing_usage import UsageState
from tests.integration.serve.test_live import SECONDS
from tests.support.companies import member_of, owner_of, paying, send, token_of, token_of_newcomer
from tests.support.databases import fresh_postgresql, fresh_redis
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged

if TYPE_CHECKING:
    from collections.abc import Generator

    from guance_portal.bootstrap import Services

BILLING = "/workspace/billing"


@pytest.fixture(scope="module")
def people(portal: PortalServer) -> Generator[People]:
    with People(portal) as people:
        yield people


def vars_of(state: type[Any], updates: list[dict[str, Any]]) -> dict[str, Any]:
    """What the updates set of a state, by plain names."""
    found = merged(updates).get(state.get_full_name(), {})
    return {name.removesuffix("_rx_state_"): value for name, value in found.items()}


def used(updates: list[dict[str, Any]], item: str) -> str:
    """Today's use of an item on the board."""
    return next((row["used"] for row in vars_of(QuotaState, updates).get("rows", []) if row["item"] == item), "")


async def test_the_board_is_told_without_asking(portal: PortalServer, people: People) -> None:
    session = owner_of(people)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        assert used(await socket.boot(BILLING), "logs") == "0"
        assert send(portal, token_of(people, session), "logging", 'a message="1"', 'a message="2"') == 200
        assert used(await socket.answers(quiet=SECONDS), "logs") == "2"


async def test_figures_and_chart_are_told_without_asking(portal: PortalServer, people: People) -> None:
    who = paying(people)
    async with RawSocket(portal.base, cookies=who.cookies) as socket:
        await socket.boot(BILLING)
        send(portal, token_of_newcomer(people, who), "logging", 'a message="1"', 'a message="2"')
        told = vars_of(UsageState, await socket.answers(quiet=SECONDS))
    assert next(row["now"] for row in told["rows"] if row["item"] == "logs") == "2"
    assert told["bars"][-1]["text"] == "2"


async def test_an_administrator_who_became_a_standard_member_is_told_nothing(
    portal: PortalServer, people: People
) -> None:
    owner = owner_of(people)
    admin = member_of(people, owner, Role.ADMIN)

    async def lower(services: Services) -> None:
        async with services.database.writing() as work:
            rows = update(Member).where(col(Member.user_id) == admin.person.id).values(role=Role.STANDARD)
            await work.session.exec(rows)
            await work.commit()

    async with RawSocket(portal.base, cookies=admin.cookies) as socket:
        await socket.boot(BILLING)
        people.do(lower)
        send(portal, token_of(people, owner), "logging", 'a message="1"')
        assert used(await socket.answers(quiet=SECONDS), "logs") == ""


async def test_the_pages_of_every_worker_are_told_whichever_took_the_data() -> None:
    with fresh_postgresql() as database, fresh_redis() as redis:
        env = {
            "PORTAL_WORKERS": "2",
            "PORTAL_DATABASE_URL": database,
            "PORTAL_SECRET_KEY": "k" * 40,
            "REFLEX_REDIS_URL": redis,
        }
        with PortalServer.start(env=env) as pair, People(pair) as people:
            pair.wait_for_workers(2)
            session = owner_of(people)
            token = token_of(people, session)
            sockets = [RawSocket(pair.base, cookies=session.cookies) for _ in range(8)]
            for socket in sockets:
                await socket.__aenter__()
                await socket.boot(BILLING)
            assert send(pair, token, "logging", 'a message="1"') == 200
            for socket in sockets:
                assert used(await socket.answers(quiet=SECONDS), "logs") == "1"
                await socket.__aexit__(None, None, None)
