"""What one who does harm costs the others: sign-ins and data of a neighbour beside three attacks, and a worker's memory."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext

import httpx
import psycopg

from benchmarks.figure import Figure, at_most
from guance_portal.accounts.rules import Edition
from tests.support.databases import POSTGRESQL, fresh_postgresql
from tests.support.neighbours import Felt, Street, series
from tests.support.people import People
from tests.support.portal_server import PortalServer

SERIES, BODIES = 700_000, 4
WORKSPACES, HELD, SENT = 23, 35, 40
SIGN_IN_MS, MEGABYTES = 1_000, 500


def measure() -> Iterator[Figure]:
    """Each attack on each database that can be reached, each on a portal of its own."""
    for database in _databases():
        with _street(database) as street:
            yield from asyncio.run(_beside_bodies(street, f"one_body.{database}", 1))
        with _street(database) as street:
            yield from asyncio.run(_beside_bodies(street, f"four_bodies.{database}", BODIES))
        with _street(database) as street:
            yield asyncio.run(_beside_held(street, database))


async def _beside_bodies(street: Street, name: str, number: int) -> list[Figure]:
    [token], body = street.tokens(street.person(), 1, Edition.COMMERCIAL), series("m", SERIES)
    quiet = await street.quiet()
    felt = await street.felt_during(street.harm(token, body, number))
    assert set(felt.harm) == {200}, felt
    of = "the median of five sign-ins while nobody sends"
    return [
        Figure(
            figure=f"neighbours.{name}.sign_in",
            value=max(felt.sign_ins) * 1000,
            unit=f"ms, the longest beside {number} of 10 MB with {SERIES} new series",
            reference=quiet * 1000,
            reference_of=of,
            aim=at_most(SIGN_IN_MS),
        ),
        _refused(name, felt),
        Figure(
            figure=f"neighbours.{name}.memory",
            value=street.megabytes(),
            unit="MB, the most that a worker had",
            aim=at_most(MEGABYTES),
        ),
    ]


async def _beside_held(street: Street, database: str) -> Figure:
    tokens = street.tokens(street.person(), WORKSPACES, Edition.FREE)
    heads = [street.head(f"/v1/write/metric?token={tokens[n % WORKSPACES]}", length=1_000_000) for n in range(HELD)]
    async with street.held_open(heads), httpx.AsyncClient(base_url=street.server.base, timeout=60) as client:
        felt = Felt(sent=await asyncio.gather(*(street.send(client) for _ in range(SENT))))
    return _refused(f"held_bodies.{database}", felt)


def _refused(name: str, felt: Felt) -> Figure:
    return Figure(
        figure=f"neighbours.{name}.refused",
        value=felt.refused,
        unit=f"of {len(felt.sent)} requests of the neighbour",
        aim=at_most(0),
    )


@contextmanager
def _street(database: str) -> Generator[Street]:
    with fresh_postgresql() if database == "postgresql" else nullcontext("") as url:
        env = {"PORTAL_DATABASE_URL": url, "PORTAL_SECRET_KEY": "k" * 40} if url else {}
        with PortalServer.start(env=env) as server, People(server) as people:
            yield Street(server, people)


def _databases() -> Iterator[str]:
    yield "sqlite"
    try:
        psycopg.connect(f"{POSTGRESQL.replace('+psycopg', '')}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return
    yield "postgresql"
