"""One who does harm does not slow down the others: each attack against a real server, with a neighbour who uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from statistics import median

import httpx
import pytest

from guance_portal.accounts.rules import Edition
from tests.support.databases import fresh_postgresql, fresh_redis
from tests.support.neighbours import Felt, Street, ended, series
from tests.support.people import People
from tests.support.portal_server import PortalServer

SIGN_IN_SECONDS = 1.0
TIMES_QUIET = 4
"""On a machine that is busy with other tests a sign-in takes a second by itself."""
MEGABYTES = 500


@pytest.fixture(scope="module")
def street() -> Generator[Street]:
    """A portal on SQLite, with a paying tenant."""
    with PortalServer.start() as server, People(server) as people:
        yield Street(server, people)


@pytest.fixture(scope="module")
def wide_street() -> Generator[Street]:
    """The same on PostgreSQL."""
    with fresh_postgresql() as url:
        env = {"PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": "one street, one key, and long enough for it"}
        with PortalServer.start(env=env) as server, People(server) as people:
            yield Street(server, people)


@pytest.fixture(scope="module")
def double_street() -> Generator[Street]:
    """The same with two workers."""
    with fresh_postgresql() as url, fresh_redis() as redis:
        env = {
            "PORTAL_DATABASE_URL": url,
            "PORTAL_SECRET_KEY": "one street, one key, and long enough for it",
            "PORTAL_WORKERS": "2",
            "REFLEX_REDIS_URL": redis,
        }
        with PortalServer.start(env=env) as server, People(server) as people:
            server.wait_for_workers(2)
            yield Street(server, people)


async def expect_unharmed(street: Street, felt: Felt) -> None:
    bearable = max(SIGN_IN_SECONDS, TIMES_QUIET * await street.quiet())
    assert median(felt.sign_ins) < bearable, felt
    assert felt.refused == 0, felt
    assert street.megabytes() < MEGABYTES


@pytest.mark.parametrize("database", ["street", "wide_street"])
async def test_a_body_of_new_series_delays_nobody(request: pytest.FixtureRequest, database: str) -> None:
    street: Street = request.getfixturevalue(database)
    [token], body = street.tokens(street.person(), 1, Edition.COMMERCIAL), series("m")
    felt = await street.felt_during(street.harm(token, body))
    assert felt.harm == [200]
    await expect_unharmed(street, felt)


async def test_four_large_bodies_at_once_delay_nobody_and_take_little_memory(street: Street) -> None:
    [token], body = street.tokens(street.person(), 1, Edition.COMMERCIAL), series("m")
    felt = await street.felt_during(street.harm(token, body, 4))
    assert felt.harm == [200] * 4
    await expect_unharmed(street, felt)


@pytest.mark.parametrize("body", [b"", b"m f=1\n"], ids=["headers alone", "some bytes"])
@pytest.mark.parametrize("database", ["street", "wide_street"])
async def test_bodies_held_open_by_one_person_in_many_workspaces_take_nobodys_place(
    request: pytest.FixtureRequest, database: str, body: bytes
) -> None:
    street: Street = request.getfixturevalue(database)
    tokens = street.tokens(street.person(), 23, Edition.FREE)
    heads = [street.head(f"/v1/write/metric?token={tokens[n % 23]}", length=1_000_000, body=body) for n in range(35)]
    async with street.held_open(heads), httpx.AsyncClient(base_url=street.server.base, timeout=60) as client:
        felt = Felt(sent=await asyncio.gather(*(street.send(client) for _ in range(40))))
        felt.sign_ins = [await street.sign_in() for _ in range(3)]
    await expect_unharmed(street, felt)


@pytest.mark.parametrize("workers", ["street", "double_street"])
async def test_thousands_of_bodies_of_one_byte_silence_nothing_and_all_end(
    request: pytest.FixtureRequest, workers: str
) -> None:
    street: Street = request.getfixturevalue(workers)
    heads = [street.head("/api/marketplace/aws", length=100, body=b"x")] * 2_300
    async with street.held_open(heads) as readers, httpx.AsyncClient(base_url=street.server.base) as client:
        assert (await client.get("/healthz", timeout=5)).status_code == 200
        await street.sign_in()
        async with asyncio.timeout(60):
            answers = await ended(readers)
    assert {answer[9:12] for answer in answers} == {b"408", b"503"}


async def test_heads_that_do_not_end_are_ended(street: Street) -> None:
    heads = [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "] * 1_200
    async with street.held_open(heads) as readers, httpx.AsyncClient(base_url=street.server.base) as client:
        assert (await client.get("/healthz", timeout=5)).status_code == 200
        async with asyncio.timeout(60):
            assert set(await ended(readers)) == {b""}
