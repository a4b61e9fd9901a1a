"""Usage events out of a broker: counted once each, whatever is killed."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from guance_portal.metering.events.stream import CONSUMER, STREAM, SUBJECTS
from tests.integration.metering.conftest import NOON, Company, Portal
from tests.support.own_nats import OwnNats
from tests.support.sizes import LONG, seeded, size
from tests.support.stream_worker import consumer

ROOT = Path(__file__).parents[3]
PATIENCE = 60
MESSAGES, KILLS, PAUSE = size(60, 400), size(4, 20), 0.4


@pytest.fixture(scope="module")
def own_broker() -> Generator[OwnNats]:
    """A broker for this file."""
    with OwnNats.start() as broker:
        yield broker


@pytest.fixture
async def broker(own_broker: OwnNats) -> AsyncGenerator[OwnNats]:
    """The broker, without a stream."""
    yield own_broker
    async with stream(own_broker) as jet:
        with suppress(NotFoundError):
            await jet.delete_stream(STREAM)


@asynccontextmanager
async def stream(broker: OwnNats) -> AsyncGenerator[JetStreamContext]:
    """A publisher's connection."""
    client = await nats.connect(broker.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    try:
        yield client.jetstream()
    finally:
        await client.close()


def event(name: int, at: datetime = NOON, **more: Any) -> dict[str, Any]:
    """An event of one call."""
    said = {"specversion": "1.0", "id": str(name), "source": "/jobs", "type": "com.guance.usage.tasks"}
    return {**said, "time": at.isoformat(), "data": {"quantity": "1"}, **more}


async def publish(jet: JetStreamContext, company: Company, said: object) -> None:
    """One message on the workspace's subject."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    await jet.publish(f"usage.{company.workspace_id}", body)


async def calls(portal: Portal, company: Company) -> int:
    """What counted on the day."""
    counted = await portal.services.usage_events.counted(company.workspace_id, NOON.date(), NOON.date())
    return sum(int(amount) for _, amount in counted)


async def settled(jet: JetStreamContext) -> None:
    """Wait until every message is acknowledged."""
    async with asyncio.timeout(PATIENCE):
        while True:
            info = await jet.consumer_info(STREAM, CONSUMER)
            if not (info.num_pending or info.num_ack_pending):
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def consuming(portal: Portal, broker: OwnNats) -> AsyncGenerator[None]:
    """With a consumer in this process, once it has made the stream."""
    task = asyncio.create_task(consumer(portal.services.database, broker.url).follow())
    try:
        async with stream(broker) as jet, asyncio.timeout(PATIENCE):
            while True:
                with suppress(NotFoundError):
                    await jet.consumer_info(STREAM, CONSUMER)
                    break
                await asyncio.sleep(0.05)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_events_and_arrays_of_events_are_counted_once(portal: Portal, broker: OwnNats) -> None:
    company = await portal.open()
    async with consuming(portal, broker), stream(broker) as jet:
        for said in (event(1), [event(2), event(3)], event(1)):
            await publish(jet, company, said)
        await settled(jet)
    assert await calls(portal, company) == 3


async def test_a_message_that_cannot_be_read_is_reported_and_comes_no_more(portal: Portal, broker: OwnNats) -> None:
    company = await portal.open()
    async with consuming(portal, broker), stream(broker) as jet:
        for said in (b"{", {"specversion": "1.0"}, event(1)):
            await publish(jet, company, said)
        await settled(jet)
    assert await calls(portal, company) == 1
    assert {one.code for one in await portal.services.refusals.recent(company.owner)} == {"invalidJson", "invalidEvent"}


async def test_a_message_for_no_workspace_keeps_nobody_waiting(portal: Portal, broker: OwnNats) -> None:
    company = await portal.open()
    async with consuming(portal, broker), stream(broker) as jet:
        await publish(jet, Company("wksp_gone", ""), event(1))
        await publish(jet, company, event(1))
        await settled(jet)
    assert await calls(portal, company) == 1


@LONG
async def test_consumers_that_are_killed_and_a_broker_that_restarts_lose_and_double_nothing(
    portal: Portal, broker: OwnNats, database_url: str
) -> None:
    company, chance = await portal.open(), seeded(f"killed consumers {database_url.partition(':')[0]}")
    command = [sys.executable, "-m", "tests.support.stream_worker", database_url, broker.url]
    async with stream(broker) as jet:
        await jet.add_stream(name=STREAM, subjects=[SUBJECTS])
        for number in range(MESSAGES):
            await publish(jet, company, event(number))
        for kill in range(KILLS):
            process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
            assert process.stdout
            await process.stdout.readline()
            if kill == KILLS // 2:
                broker.stop()
                broker.begin()
            await asyncio.sleep(chance.uniform(0, PAUSE))
            process.kill()
            await process.wait()
    async with consuming(portal, broker), stream(broker) as jet:
        await settled(jet)
    assert await calls(portal, company) == MESSAGES
