"""Business time: moved for every process at once, and nothing but billing days and countdowns with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.audit import AuditEntry
from guance_portal.core.settings import Settings
from tests.support.clocks import MovableClock

CHRISTMAS = datetime(2026, 12, 25, 8, tzinfo=UTC)


@pytest.fixture
async def neighbour(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """Another process on the same database."""
    services = bootstrap.build(portal_settings, clock=clock)
    yield services
    await services.close()


async def test_business_time_is_the_machines_until_it_is_moved(services: Services, clock: MovableClock) -> None:
    await services.business_time.refresh()
    assert services.business_clock.now() == clock.now()
    assert not services.business_clock.is_moved


async def test_a_move_reaches_every_process(services: Services, neighbour: Services, clock: MovableClock) -> None:
    assert await services.business_time.move_to(CHRISTMAS) == CHRISTMAS
    await neighbour.business_time.refresh()
    assert neighbour.business_clock.now() == services.business_clock.now() == CHRISTMAS
    clock.move(minutes=5)
    assert neighbour.business_clock.now() == CHRISTMAS + timedelta(minutes=5)


async def test_moves_add_up_no_matter_who_makes_them(
    services: Services, neighbour: Services, clock: MovableClock
) -> None:
    await services.business_time.move_by(timedelta(days=1))
    await neighbour.business_time.move_by(timedelta(hours=-2))
    await services.business_time.refresh()
    assert services.business_clock.now() - clock.now() == timedelta(hours=22)


async def test_sessions_keep_the_machines_time(services: Services, clock: MovableClock) -> None:
    await services.business_time.move_to(CHRISTMAS)
    assert services.clock.now() == clock.now() != CHRISTMAS


async def test_a_reset_ends_it_for_everybody(services: Services, neighbour: Services, clock: MovableClock) -> None:
    await services.business_time.move_to(CHRISTMAS)
    await neighbour.business_time.refresh()
    await services.business_time.reset()
    await neighbour.business_time.refresh()
    assert neighbour.business_clock.now() == services.business_clock.now() == clock.now()


async def test_every_move_is_audited(services: Services) -> None:
    await services.business_time.move_by(timedelta(days=1))
    await services.business_time.reset()
    async with services.database.reading() as work:
        found = select(col(AuditEntry.details)).where(col(AuditEntry.act) == "business_time.moved")
        moves = [details["seconds_ahead"] for details in (await work.session.exec(found)).all()]
    assert sorted(moves) == ["0", "86400"]


async def test_outside_the_sandbox_nothing_moves_it(
    services: Services, portal_settings: Settings, clock: MovableClock
) -> None:
    await services.business_time.move_to(CHRISTMAS)
    public = Settings.model_validate({**portal_settings.model_dump(), "sandbox": False})
    serious = bootstrap.build(public, clock=clock)
    try:
        await serious.business_time.refresh()
        assert serious.business_clock.now() == clock.now()
        with pytest.raises(RuntimeError):
            await serious.business_time.reset()
    finally:
        await serious.close()
