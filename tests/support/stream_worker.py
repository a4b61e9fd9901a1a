"""A consumer of usage events in a process of its own: `python -m tests.support.stream_worker DATABASE BROKER`."""

from __future__ import annotations

import asyncio
import sys

from guance_portal.billing import price_lists
from guance_portal.core.db import Database, create_engine
from guance_portal.metering.events.service import EventService
from guance_portal.metering.events.stream import UsageStream
from guance_portal.metering.refusals import RefusalService
from tests.integration.metering.conftest import MovableClock

ACK_SECONDS = 1.0


def consumer(database: Database, broker: str) -> UsageStream:
    """One whose clock stands still, and that lets go of a message soon."""
    clock = MovableClock()
    events = EventService(database, clock, is_charged=price_lists.is_charged)
    return UsageStream(broker, events, RefusalService(database, clock), ack_seconds=ACK_SECONDS)


async def _follow(url: str, broker: str) -> None:
    print("ready", flush=True)
    await consumer(Database(create_engine(url)), broker).follow()


if __name__ == "__main__":
    asyncio.run(_follow(*sys.argv[1:]))
