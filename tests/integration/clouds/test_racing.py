"""Several processes send at once, and are killed between sending and noting: each record is counted once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from guance_portal import bootstrap
from guance_portal.billing.clouds.rules import CloudRecordState, RecordReason
from guance_portal.bootstrap import Services
from guance_portal.core.settings import Settings
from guance_portal.metering.items import Item
from guance_portal.sandbox.rules import Whim
from tests.support.clocks import MovableClock
from tests.support.closes import broken, end_day
from tests.support.cloud_days import Subscriber, later, push, states, subscriber
from tests.support.hashes import quick_hashes

ROOT = Path(__file__).parents[3]
LOGS = {Item.LOGS: 10_000_000}
COMPANIES = 12


async def owing(services: Services, listings: tuple[str, ...]) -> list[Subscriber]:
    """Companies with a record each."""
    mine = [await subscriber(services, listings[n % len(listings)], f"company{n}") for n in range(COMPANIES)]
    for one in mine:
        await one.here.use(LOGS)
    await end_day(services)
    return mine


async def test_processes_that_send_at_once_send_each_record_once(
    services: Services, portal_settings: Settings, clock: MovableClock
) -> None:
    mine = await owing(services, ("aliyun-cn", "aws-cn"))
    others = [bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes()) for _ in range(3)]
    try:
        for other in others:
            other.business_clock.ahead = services.business_clock.ahead
        done = await asyncio.gather(*(other.cloud_records.send_due() for other in (services, *others)))
    finally:
        for other in others:
            await other.close()
    assert sum(done) == COMPANIES
    for one in mine:
        record = await one.record()
        assert (record.state, record.attempts) == (CloudRecordState.ACCEPTED, 1)
        assert await one.counted() == [15_00]
    assert await broken(services) == []


async def test_a_process_that_is_killed_between_sending_and_noting_leaves_unknown_records(
    services: Services, portal_settings: Settings, clock: MovableClock
) -> None:
    mine = await owing(services, ("aliyun-cn", "aws-cn"))
    for one in mine[:2]:
        await one.misbehave(Whim.SILENT_ON_USAGE)
    command = [sys.executable, "-m", "tests.support.cloud_worker", portal_settings.effective_database_url]
    told = [str(portal_settings.port), str(portal_settings.data_dir), services.business_clock.now().isoformat()]
    process = await asyncio.create_subprocess_exec(*command, *told, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)
    async with asyncio.timeout(60):
        while sum([len(await one.counted()) for one in mine]) < 4:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    counted = sum([len(await one.counted()) for one in mine])
    assert 4 <= counted < COMPANIES
    sent = [one for one in mine if (await one.record()).state is CloudRecordState.SENT]
    assert sent
    for one in mine[:2]:
        await one.misbehave()
    later(services, clock)
    await push(services, clock, rounds=3)
    for one in mine:
        record = await one.record()
        if one.listing == "aws-cn":
            assert (record.state, await one.counted()) == (CloudRecordState.ACCEPTED, [15_00])
        elif one in sent:
            assert (record.state, record.reason) == (CloudRecordState.UNKNOWN, RecordReason.INTERRUPTED)
            assert len(await one.counted()) <= 1
        else:
            assert (record.state, await one.counted()) == (CloudRecordState.ACCEPTED, [15_00])
    services.business_clock.show((await mine[0].record()).deadline_at)
    await push(services, clock)
    over = [await one.record() for one in mine]
    assert all(one.booked_at for one in over)
    assert set(states(over)) <= {CloudRecordState.ACCEPTED, CloudRecordState.TOO_LATE}
    assert await broken(services) == []
