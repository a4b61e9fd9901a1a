"""What the writer of a real DataKit 1.84.1 wrote (docs/datakit.md), into the gateway and through a real server."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from guance_portal.accounts.rules import Edition
from guance_portal.api.front import front
from guance_portal.metering.items import Item
from tests.integration.metering import lost_answer
from tests.integration.metering.conftest import Portal, no_reflex
from tests.integration.metering.sending import send, used
from tests.support.points import PROTOBUF

BODIES = Path(__file__).parent / "datakit"
COUNTS = {"metric": {Item.TIME_SERIES: 4}, "logging": {Item.LOGS: 20}}


@pytest.mark.parametrize("category", COUNTS)
async def test_what_a_real_datakit_wrote_is_taken_and_counted(
    portal: Portal, gateway: httpx.AsyncClient, category: str
) -> None:
    company = await portal.open()
    body = (BODIES / f"{category}.pb.gz").read_bytes()
    answer = await send(gateway, company, category, body, content_type=PROTOBUF, content_encoding="gzip")
    assert (answer.status_code, answer.json()) == (200, {"accepted": 20, "repeated": False})
    assert await used(portal, company) == COUNTS[category]


async def test_a_datakit_whose_answer_was_lost_sends_again_and_counts_once(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    async with _server() as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            lost_answer.__file__,
            "127.0.0.1",
            str(port),
            f"/v1/write/logging?token={company.token}",
            str(BODIES / "logging.pb.gz"),
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(90):
            printed, _ = await process.communicate()
    assert printed.decode().strip() == '200 {"accepted":20,"repeated":true}'
    assert await used(portal, company) == COUNTS["logging"]


@asynccontextmanager
async def _server() -> AsyncGenerator[int]:
    """The front door behind the server that the portal runs on; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(front(no_reflex), address="127.0.0.1", port=port, interface=Interfaces.ASGINL)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0)
    writer.close()
    try:
        yield port
    finally:
        server.stop()
        await serving
