"""A gateway of one build in a process of its own, and how long it takes to take some requests.

Started as a script by the Python of either build, it uses nothing but what both have. It prints a line once it is ready;
then it reads orders from its standard input, JSON a line, and answers each with seconds.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

from guance_portal import bootstrap
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.api.front import front
from guance_portal.core import logs, migrate
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language
from guance_portal.core.settings import Settings

SENDERS = 4


async def serve(database_url: str, folder: str) -> None:
    """Take the orders of standard input until it ends."""
    logs.configure("json")
    logging.getLogger().setLevel(logging.WARNING)
    chosen = Settings.model_validate({"database_url": database_url, "data_dir": folder, "secret_key": "b" * 40})
    async with _portal(chosen) as (client, token):
        # As a served worker of either build sets its collector (lifespan.py).
        gc.collect()
        gc.freeze()
        gc.set_threshold(100_000, 50, 1000)
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(await _take(client, token, json.loads(line)), flush=True)


async def _take(client: httpx.AsyncClient, token: str, order: dict[str, Any]) -> float:
    bodies = [await asyncio.to_thread(Path(order["body"]).read_bytes)] * order["requests"]
    headers = {"content-encoding": "gzip", "content-type": order["content_type"]}

    async def sender() -> None:
        while bodies:
            answer = await client.post(
                f"/v1/write/{order['category']}?token={token}", content=bodies.pop(), headers=headers
            )
            assert answer.json() == {"accepted": order["points"], "repeated": False}, answer.text

    start = perf_counter()
    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return perf_counter() - start


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


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
