"""Usage that programs report becomes lines of bills: on time, late, exact."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guance_portal.bootstrap import Services
from guance_portal.metering.events.rules import Reason
from guance_portal.metering.events.service import Fate
from tests.support.closes import FIRST, Billed, billed, broken, end_day
from tests.support.sizes import seeded

ZONE = timedelta(hours=8)


async def report(company: Billed, item: str, *quantities: str, day: date = FIRST, source: str = "/jobs") -> list[Fate]:
    """Events of the noon of a day in Hangzhou."""
    at = datetime.combine(day, time(12)).isoformat() + "+08:00"
    said = {"specversion": "1.0", "source": source, "type": f"com.guance.usage.{item}", "time": at}
    events: Sequence[dict[str, Any]] = [
        {**said, "id": secrets.token_hex(8), "data": {"quantity": quantity}} for quantity in quantities
    ]
    return [one.fate for one in await company.services.usage_events.record(company.workspace_id, events)]


async def told(company: Billed, day: date) -> list[tuple[str, date, str]]:
    """The lines of a day's bill: item, day, exact amount."""
    return [(one.item, one.of_day, one.amount) for one in await company.lines(await company.bill(day))]


async def total(company: Billed) -> Decimal:
    """The exact sum of the bills of the first two days."""
    lines = [*await told(company, FIRST), *await told(company, FIRST + timedelta(days=1))]
    return sum((Decimal(amount) for _, _, amount in lines), Decimal(0))


async def test_what_was_reported_stands_on_the_bill_of_its_day(services: Services) -> None:
    company = await billed(services, recharge=100_00)
    assert await report(company, "tasks", "10000", "5000") == [Fate.ACCEPTED] * 2
    await end_day(services)
    ((item, day, amount),) = await told(company, FIRST)
    assert (item, day, Decimal(amount)) == ("tasks", FIRST, Decimal("1.5"))


async def test_gigabytes_are_billed_by_their_exact_sum(services: Services) -> None:
    company = await billed(services, recharge=100_00)
    await report(company, "pipelines", "0.333333333", "0.333333333", "0.333333334", "9")
    await end_day(services)
    ((item, _, amount),) = await told(company, FIRST)
    assert (item, Decimal(amount)) == ("pipelines", Decimal(1))


async def test_e3_what_comes_late_is_the_difference_of_the_whole_day(services: Services) -> None:
    company = await billed(services, recharge=100_00)
    assert await report(company, "logs", "4000") == [Fate.ACCEPTED]
    await end_day(services)
    assert await report(company, "logs", "4000") == [Fate.ACCEPTED]
    await end_day(services, FIRST + timedelta(days=1))
    ((item, day, amount),) = await told(company, FIRST + timedelta(days=1))
    line = (await company.lines(await company.bill(FIRST + timedelta(days=1))))[0]
    assert (item, day, Decimal(amount)) == ("logs", FIRST, Decimal("0.01") * Decimal(line.price))
    assert await broken(services) == []


@pytest.mark.parametrize("case", range(4))
async def test_any_split_into_on_time_and_late_gives_the_same_exact_total(services: Services, case: int) -> None:
    chance = seeded(f"splits {case}")
    parts = [f"{chance.randrange(1, 5 * 10**9) / 10**9:.9f}" for _ in range(12)]
    whole, split = await billed(services, recharge=100_00), await billed(services, "split", recharge=100_00)
    await report(whole, "pipelines", *parts)
    cut = chance.randrange(len(parts) + 1)
    on_time, late = parts[:cut], parts[cut:]
    if on_time:
        await report(split, "pipelines", *on_time)
    await end_day(services)
    for part in late:
        await report(split, "pipelines", part)
    await end_day(services, FIRST + timedelta(days=1))

    assert await total(split) == await total(whole) > 0
    assert await broken(services) == []


async def test_what_has_no_price_at_a_site_is_refused_and_holds_no_bill_back(services: Services) -> None:
    company = await billed(services, site="us1", recharge=100_00)
    at = datetime.combine(FIRST, time(0, 30)).isoformat() + "-07:00"
    said = {"specversion": "1.0", "id": "1", "source": "/jobs", "time": at, "data": {"quantity": "1"}}
    events = [{**said, "type": f"com.guance.usage.{item}"} for item in ("sms", "tasks")]
    verdicts = await company.services.usage_events.record(company.workspace_id, [events[0], {**events[1], "id": "2"}])
    await end_day(services, site="us1")
    assert [one.reason for one in verdicts] == [Reason.NOT_OFFERED, None]
    assert [item for item, _, _ in await told(company, FIRST)] == ["tasks"]


async def test_an_event_of_zero_changes_no_bill(services: Services) -> None:
    company = await billed(services, recharge=100_00)
    await report(company, "tasks", "10000")
    await end_day(services)
    assert await report(company, "tasks", "0") == [Fate.ACCEPTED]
    await end_day(services, FIRST + timedelta(days=1))
    assert await told(company, FIRST + timedelta(days=1)) == []
