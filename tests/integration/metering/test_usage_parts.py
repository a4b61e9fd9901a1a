"""Requests with more distinct things than one short transaction counts."""

from __future__ import annotations

import asyncio

import pytest

from guance_portal.accounts.rules import Edition
from guance_portal.metering import parts
from guance_portal.metering.categories import Category
from guance_portal.metering.counting import count
from guance_portal.metering.errors import OverQuotaError
from guance_portal.metering.items import Item
from guance_portal.metering.repeats import Sending
from guance_portal.metering.tables import UsagePart, UsageSeen
from tests.integration.metering.conftest import Company, Portal
from tests.integration.metering.sending import rows, traffic, used
from tests.support.faults import InjectedFaultError, statements

PART = 100


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", PART)


async def send(portal: Portal, company: Company, category: Category, numbers: range, package: bytes = b"") -> bool:
    """One request with a thing for each number; returns whether it was a repetition."""
    name = "HOST" if category is Category("object") else "m"
    body = "".join(f"{name},host=web-{n} f=1\n" for n in numbers).encode()
    receipt = await portal.services.usage.record(company.workspace_id, count(category, body), Sending(name=package))
    assert receipt.points == len(numbers)
    return receipt.is_repeated


async def test_each_thing_counts_once_whatever_was_known_before(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    await send(portal, company, Category("metric"), range(50))
    await send(portal, company, Category("metric"), range(1_050))
    await send(portal, company, Category("metric"), range(1_000, 2_000))
    assert await used(portal, company) == {Item.TIME_SERIES: 2_000}
    assert await rows(portal, UsagePart) == 0
    assert (await traffic(portal, company))[Category("metric")].points == 2_100


async def test_hosts_count_for_their_hour_and_their_day(portal: Portal) -> None:
    company = await portal.open()
    await send(portal, company, Category("object"), range(350))
    portal.clock.move(hours=1)
    await send(portal, company, Category("object"), range(300, 500))
    day = (await portal.services.usage.today(company.owner)).day
    hours = await portal.services.usage.hours(company.owner, day)
    assert [(hour.quantity, hour.active) for hour in hours] == [(350, 350), (150, 200)]


async def test_a_named_request_in_parts_is_counted_once(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    repeated = [await send(portal, company, Category("metric"), range(500), b"p" * 16) for _ in range(2)]
    assert repeated == [False, True]
    assert await used(portal, company) == {Item.TIME_SERIES: 500}


async def test_what_is_over_the_quota_leaves_no_part_behind(portal: Portal) -> None:
    company = await portal.open()
    with pytest.raises(OverQuotaError):
        await send(portal, company, Category("metric"), range(3_001))
    assert (await rows(portal, UsagePart), await rows(portal, UsageSeen)) == (0, 0)
    await send(portal, company, Category("metric"), range(3_000))
    assert await used(portal, company) == {Item.TIME_SERIES: 3_000}


async def test_what_a_killed_process_left_is_counted_by_the_next(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    with statements(portal.services.database, break_after=40), pytest.raises(InjectedFaultError):
        await send(portal, company, Category("metric"), range(1_000))
    counted, left = (await used(portal, company)).get(Item.TIME_SERIES, 0), await rows(portal, UsagePart)
    assert 0 < left < 10, "the fault came while the parts were counted"
    assert counted == 1_000 - left * PART
    following = asyncio.create_task(portal.services.usage.follow())
    while await rows(portal, UsagePart):  # noqa: ASYNC110 - the database does not tell
        await asyncio.sleep(0.01)
    following.cancel()
    assert await used(portal, company) == {Item.TIME_SERIES: 1_000}


async def test_two_that_count_the_same_parts_count_each_once(portal: Portal) -> None:
    company = await portal.open(edition=Edition.COMMERCIAL)
    await asyncio.gather(*(send(portal, company, Category("metric"), range(n, n + 1_000)) for n in (0, 300, 600)))
    assert await used(portal, company) == {Item.TIME_SERIES: 1_600}


async def test_others_write_while_the_parts_are_counted(portal: Portal) -> None:
    busy, neighbour = await portal.open(edition=Edition.COMMERCIAL), await portal.open()
    sending = asyncio.create_task(send(portal, busy, Category("metric"), range(20_000)))
    while not await rows(portal, UsagePart):  # noqa: ASYNC110 - the database does not tell
        await asyncio.sleep(0)
    await send(portal, neighbour, Category("metric"), range(10))
    assert await rows(portal, UsagePart) > 10
    await sending
    assert await used(portal, neighbour) == {Item.TIME_SERIES: 10}
    assert await used(portal, busy) == {Item.TIME_SERIES: 20_000}
