"""A page is told by itself what came in; one that may no longer look is told nothing."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import httpx
import pytest
from sqlmodel import col, delete

from guance_portal.accounts.tables import Member
from guance_portal.bootstrap import Services
from guance_portal.core.tokens import digest
from guance_portal.state.guide import GuideState
from tests.support.people import People, Session
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket, merged

SECONDS = 2.0


@pytest.fixture(scope="module")
def people(portal: PortalServer) -> Generator[People]:
    with People(portal) as people:
        yield people


def settle(people: People) -> tuple[Session, str]:
    """Somebody signed in with a workspace, and its token."""
    person = people.user()
    people.workspace(people.sign_in(person), "云帆")
    session = people.sign_in(person)

    async def show(services: Services) -> str:
        live = await services.sessions.find(person.realm, digest(session.token))
        assert live
        return await services.tokens.show(live.actor)

    return session, people.do(show)


async def send(portal: PortalServer, token: str) -> None:
    async with httpx.AsyncClient(base_url=portal.base) as client:
        answer = await client.post("/v1/write/metric", params={"token": token}, content="cpu,host=web-01 usage=1")
        assert answer.status_code == 200


def guide_in(updates: list[dict[str, Any]]) -> dict[str, Any]:
    """What the updates set of the guide, by plain names."""
    return {
        name.removesuffix("_rx_state_"): value
        for name, value in merged(updates).get(GuideState.get_full_name(), {}).items()
    }


async def test_a_page_is_told_without_asking(portal: PortalServer, people: People) -> None:
    session, token = settle(people)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        assert guide_in(await socket.boot("/onboarding"))["has_workspace"] is True
        await send(portal, token)
        told = guide_in(await socket.answers(quiet=SECONDS))
    assert (told["has_arrived"], told["host"]) == (True, "web-01")
    assert token not in "".join(socket.frames)


async def test_a_browser_whose_session_ended_is_told_nothing(portal: PortalServer, people: People) -> None:
    session, token = settle(people)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot("/onboarding")
        people.end(session)
        await send(portal, token)
        assert "has_arrived" not in guide_in(await socket.answers(quiet=SECONDS))


async def test_a_member_who_was_removed_is_told_nothing(portal: PortalServer, people: People) -> None:
    session, token = settle(people)

    async def remove(services: Services) -> None:
        async with services.database.writing() as work:
            await work.session.exec(delete(Member).where(col(Member.user_id) == session.person.id))
            await work.commit()

    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot("/onboarding")
        people.do(remove)
        await send(portal, token)
        assert "has_arrived" not in guide_in(await socket.answers(quiet=SECONDS))


async def test_a_page_left_for_another_is_told_no_more(portal: PortalServer, people: People) -> None:
    session, token = settle(people)
    async with RawSocket(portal.base, cookies=session.cookies) as socket:
        await socket.boot("/onboarding")
        await socket.boot("/account")
        await send(portal, token)
        assert "has_arrived" not in guide_in(await socket.answers(quiet=SECONDS))
