"""Points a second that one process takes at `/v1/write`, beside the same lines only parsed.

Through the real route and front door, with everything that counts them, into each database that can be reached.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import tempfile
from contextlib import asynccontextmanager, nullcontext
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import httpx
import psycopg
from line_protocol_parser import parse_line

from benchmarks.figure import Figure
from guance_portal import bootstrap
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.api.front import front
from guance_portal.core import logs, migrate
from guance_portal.core.ids import new_id
from guance_portal.core.settings import Settings
from guance_portal.core.words import Language
from tests.support.databases import POSTGRESQL, fresh_postgresql

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from contextlib import AbstractContextManager

    from starlette.types import Receive, Scope, Send

ROUNDS = 5
REQUESTS = 12
POINTS = 2_000
SENDERS = 4
_SERIES = 500


def measure() -> Iterator[Figure]:
    """Metrics and logs of a lively fleet, gzipped, in requests of POINTS points from SENDERS at a time."""
    logs.configure("json")
    logging.getLogger().setLevel(logging.WARNING)
    for database, opened in _databases():
        with opened as url, tempfile.TemporaryDirectory() as folder:
            chosen = Settings.model_validate({"database_url": url, "data_dir": folder, "secret_key": "b" * 40})
            for category, lines in _BODIES.items():
                taken, parsed = asyncio.run(_race(chosen, category, lines))
                yield Figure(
                    figure=f"gateway.{category}.{database}",
                    value=taken,
                    unit="points/s",
                    reference=parsed,
                    reference_of="line_protocol_parser reading the same lines, nothing counted or stored",
                )


async def _race(chosen: Settings, category: str, lines: list[str]) -> tuple[float, float]:
    """Median points a second taken and only parsed, in turns so that both share the machine's moods."""
    bodies = [gzip.compress("\n".join(lines).encode(), 6)] * REQUESTS
    taken: list[float] = []
    parsed: list[float] = []
    async with _portal(chosen) as (client, token):
        for _ in range(ROUNDS + 1):
            start = perf_counter()
            await _send(client, f"/v1/write/{category}?token={token}", list(bodies))
            taken.append(REQUESTS * POINTS / (perf_counter() - start))
            start = perf_counter()
            for line in lines:
                parse_line(line)
            parsed.append(len(lines) / (perf_counter() - start))
    return median(taken[1:]), median(parsed[1:])


async def _send(client: httpx.AsyncClient, address: str, bodies: list[bytes]) -> None:
    async def sender() -> None:
        while bodies:
            answer = await client.post(address, content=bodies.pop(), headers={"content-encoding": "gzip"})
            assert answer.json() == {"accepted": POINTS, "repeated": False}

    await asyncio.gather(*(sender() for _ in range(SENDERS)))


@asynccontextmanager
async def _portal(chosen: Settings) -> AsyncGenerator[tuple[httpx.AsyncClient, str]]:
    services = bootstrap.build(chosen)
    bootstrap.replace_services(services)
    await migrate.upgrade(services.database.engine)
    workspace = Workspace(
        id=new_id("wksp"),
        site="cn1",
        name="bench",
        language=Language.ZH,
        edition=Edition.COMMERCIAL,
        created_at=services.clock.now(),
    )
    async with services.database.writing() as work:
        work.session.add(workspace)
        await work.session.flush()
        token = await services.tokens.issue(work, workspace.id)
        await work.commit()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front(_nobody)), base_url="http://localhost") as client:
        yield client, token
    bootstrap.replace_services(None)
    await services.close()


async def _nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("the gateway answers by itself")


def _databases() -> Iterator[tuple[str, AbstractContextManager[str]]]:
    yield "sqlite", nullcontext("")
    try:
        psycopg.connect(f"{POSTGRESQL.replace('+psycopg', '')}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return
    yield "postgresql", fresh_postgresql()


def _metric(n: int) -> str:
    host, core = n % 50, n // 50 % (_SERIES // 50)
    fields = f"usage_idle={98.3 - n % 7},usage_system={n % 5}.25,usage_user=0.5,usage_iowait=0i"
    return f"cpu,host=web-{host:02},cpu=cpu{core},env=prod {fields} {1_700_000_000_000_000_000 + n}"


def _log(n: int) -> str:
    message = f'10.0.{n % 256}.7 - - \\"GET /api/orders/{n} HTTP/1.1\\" 200 {n % 4096}\nreferer: https://shop.example/'
    return f'nginx,host=web-{n % 50:02},service=shop,status=info message="{message}" {1_700_000_000_000_000_000 + n}'


_BODIES = {"metric": [_metric(n) for n in range(POINTS)], "logging": [_log(n) for n in range(POINTS)]}
