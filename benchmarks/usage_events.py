"""Usage events a second over HTTP, counted once each, on PostgreSQL (row 2 of the figures of money).

A thousand events a request, from one sender, through the front door. The floor, in turn in the same run: plain SQL through
psycopg, COPY of the same digests into a temporary table and `INSERT … ON CONFLICT DO NOTHING`, a thousand a commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg
import pytest
from starlette.types import Receive, Scope, Send

from benchmarks.figure import Aim, Figure
from guance_portal import bootstrap, routes
from guance_portal.accounts.keys.rules import Scope as KeyScope
from guance_portal.accounts.keys.service import KeyOrder
from guance_portal.api.front import front
from guance_portal.api.usage import BATCH
from guance_portal.bootstrap import Services
from guance_portal.core import migrate
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.settings import Settings
from tests.support.closes import billed
from tests.support.databases import fresh_postgresql

EVENTS, REQUESTS, ROUNDS = 1_000, 10, 3
_SPREAD = timedelta(hours=6)


def measure() -> Iterator[Figure]:
    """Events that are new, and the same ones again."""
    try:
        with fresh_postgresql() as url, fresh_postgresql() as plain, tempfile.TemporaryDirectory() as folder:
            taken = asyncio.run(_run(url, plain.replace("+psycopg", ""), Path(folder)))
    except pytest.skip.Exception as absent:
        print(f"usage_events: {absent}", file=sys.stderr)
        return
    yield Figure(
        figure="usage_events.new",
        value=taken["new"],
        unit="events/s",
        reference=taken["floor"],
        reference_of="COPY and INSERT … ON CONFLICT of the same digests",
        aim=Aim("ratio", is_most=False, bound=0.5),
    )
    yield Figure(
        figure="usage_events.repeated",
        value=taken["repeated"],
        unit="events/s",
        reference=taken["new"],
        reference_of="the first pass",
        aim=Aim("ratio", is_most=False, bound=0.7),
    )


async def _run(url: str, plain: str, folder: Path) -> dict[str, float]:
    seconds: dict[str, list[float]] = {"new": [], "repeated": [], "floor": []}
    async with _portal(url, folder) as (client, headers), await psycopg.AsyncConnection.connect(plain) as floor:
        await floor.execute(
            "create table events (workspace text, name bytea, content bytea, primary key (workspace, name))"
        )
        await floor.commit()
        for number in range(ROUNDS + 1):
            bodies = [_body(f"{number}-{request}") for request in range(REQUESTS)]
            for kind in ("new", "repeated"):
                started = time.perf_counter()
                for body in bodies:
                    answer = await client.post(routes.API_USAGE, content=body, headers=headers)
                    assert answer.json()["accepted" if kind == "new" else "repeated"] == EVENTS, answer.text[:500]
                seconds[kind].append(time.perf_counter() - started)
            started = time.perf_counter()
            for request in range(REQUESTS):
                await _copy(floor, f"{number}-{request}")
            seconds["floor"].append(time.perf_counter() - started)
    return {kind: REQUESTS * EVENTS / median(took[1:]) for kind, took in seconds.items()}


async def _copy(floor: psycopg.AsyncConnection, name: str) -> None:
    rows = [("w", sha256(f"{name}-{n}".encode()).digest(), sha256(f"{n}".encode()).digest()) for n in range(EVENTS)]
    async with floor.cursor() as cursor:
        await cursor.execute("create temporary table staging (like events) on commit drop")
        async with cursor.copy("copy staging from stdin (format binary)") as copy:
            copy.set_types(["text", "bytea", "bytea"])
            for row in rows:
                await copy.write_row(row)
        await cursor.execute("insert into events select * from staging on conflict do nothing")
    await floor.commit()


def _body(name: str) -> bytes:
    now = datetime.now(UTC) - timedelta(minutes=1)
    same = {"specversion": "1.0", "source": "/jobs", "type": "com.guance.usage.tasks", "data": {"quantity": "3"}}
    events: list[dict[str, Any]] = [
        {**same, "id": f"{name}-{n}", "time": (now - _SPREAD * n / EVENTS).isoformat()} for n in range(EVENTS)
    ]
    return json.dumps(events).encode()


@asynccontextmanager
async def _portal(url: str, folder: Path) -> AsyncGenerator[tuple[httpx.AsyncClient, dict[str, str]]]:
    settings = Settings.model_validate({"data_dir": folder, "database_url": url, "secret_key": "k" * 40})
    services = bootstrap.build(settings)
    bootstrap.replace_services(services)
    try:
        await migrate.upgrade(services.database.engine)
        key = await _key(services)
        headers = {"authorization": f"Bearer {key}", "content-type": BATCH}
        transport = httpx.ASGITransport(front(_nobody))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client, headers
    finally:
        bootstrap.replace_services(None)
        await services.close()


async def _key(services: Services) -> str:
    company = await billed(services)
    actor = Actor(
        realm=Realm.CONSOLE, subject_id=company.owner_id, session_id="sess", workspace_id=company.workspace_id
    )
    caller = Caller(address="127.0.0.1", user_agent="", visitor="")
    order = KeyOrder(
        actor=actor, caller=caller, workspace_id=company.workspace_id, name="用量上报", scopes={KeyScope.WRITE_USAGE}
    )
    return await services.api_keys.create(order)


async def _nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("the API answers by itself")
