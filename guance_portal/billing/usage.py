"""Use as 付费计划与账单 shows it: the day so far, yesterday, and up to three years."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import structlog
from sqlalchemy.exc import DBAPIError

from guance_portal.billing.plans import WorkspacePlan
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.errors import PortalError
from guance_portal.metering.items import GATEWAY_ITEMS, Item
from guance_portal.metering.queries import Counted, MonthCounted
from guance_portal.metering.rules import adds_up, shown_for_a_day
from guance_portal.metering.service import MeteredToday, UsageService

log = structlog.get_logger(__name__)

MONTHS = 36


class UsageUnavailableError(PortalError, code="errors.usage_unavailable"):
    """The counts could not be read just now. Parameter: id, under which the log says why."""


class UsageSpan(StrEnum):
    """How far back: so many days, or three years by the month."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    YEARS = "36"


@dataclass(frozen=True, slots=True)
class Point:
    """What counted in the day or month that begins on `starts`."""

    starts: date
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What has counted today so far, and in all of yesterday, by item."""

    day: date
    today: Mapping[Item, int]
    yesterday: Mapping[Item, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A value for every day or month of a span, oldest first, by item."""

    span: UsageSpan
    points: Mapping[Item, tuple[Point, ...]]


class UsageViews:
    """Reads counts for owner and admin, of the edition the workspace is on: what came before an upgrade costs nothing.

    Every method raises NotAllowedError or UsageUnavailableError.
    """

    def __init__(self, usage: UsageService, clock: Clock) -> None:
        self._usage, self._clock = usage, clock

    async def today(self, actor: Actor) -> MeteredToday:
        """The day so far against the quotas."""
        async with _reading():
            return await self._usage.today(actor)

    async def lately(self, actor: Actor, plan: WorkspacePlan) -> Lately:
        """Today and yesterday."""
        today = self._today(plan)
        yesterday = today - timedelta(days=1)
        async with _reading():
            counted = await self._usage.days(actor, yesterday, today)
        of = {day: _of_a_day(counted, plan, day) for day in (today, yesterday)}
        return Lately(day=today, today=of[today], yesterday=of[yesterday])

    async def history(self, actor: Actor, plan: WorkspacePlan, span: UsageSpan) -> History:
        """Every day of the last weeks, or every month of three years; the present one too, as far as it is."""
        last = self._today(plan)
        async with _reading():
            if span is UsageSpan.YEARS:
                starts = _months_to(last, MONTHS)
                values = _monthly(await self._usage.months(actor, starts[0], last, plan.edition))
            else:
                starts = [last - timedelta(days=ago) for ago in reversed(range(int(span)))]
                values = _daily(await self._usage.days(actor, starts[0], last), plan)
        points = {item: tuple(Point(start, values.get((item, start), 0)) for start in starts) for item in GATEWAY_ITEMS}
        return History(span=span, points=points)

    def _today(self, plan: WorkspacePlan) -> date:
        return self._clock.now().astimezone(plan.site.zone).date()


@asynccontextmanager
async def _reading() -> AsyncGenerator[None]:
    """Turn a database that does not answer into a refusal that can be told, and noted under an id."""
    try:
        yield
    except DBAPIError:
        error_id = f"e-{secrets.token_hex(6)}"
        log.exception("usage_not_read", error_id=error_id)
        raise UsageUnavailableError(id=error_id) from None


def _of_a_day(counted: Iterable[Counted], plan: WorkspacePlan, day: date) -> dict[Item, int]:
    values = _daily((one for one in counted if one.day == day), plan)
    return {item: values.get((item, day), 0) for item in GATEWAY_ITEMS}


def _daily(counted: Iterable[Counted], plan: WorkspacePlan) -> dict[tuple[Item, date], int]:
    return {
        (one.item, one.day): shown_for_a_day(one.item, one.quantity, one.active)
        for one in counted
        if one.edition is plan.edition
    }


def _monthly(counted: Iterable[MonthCounted]) -> dict[tuple[Item, date], int]:
    return {
        (one.item, one.month): one.quantity
        if adds_up(one.item)
        else shown_for_a_day(one.item, one.most_in_a_day, one.highest)
        for one in counted
    }


def _months_to(last: date, count: int) -> list[date]:
    """The first days of so many months, the last of which `last` belongs to."""
    serial = last.year * 12 + last.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(serial - count + 1, serial + 1)]
