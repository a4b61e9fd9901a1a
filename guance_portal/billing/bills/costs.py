"""What a workspace costs, by its bills: a month by days and items, what it will come to, and how well that was told before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guance_portal import sites
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills import forecast_rules as forecasts
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills import viewing
from guance_portal.billing.bills.forecast_rules import BackTest, Forecast
from guance_portal.billing.bills.view_queries import BillScope
from guance_portal.billing.bills.viewing import ItemSum, ListedBill
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCost:
    """A day with a bill: what it cost, by item."""

    day: date
    minor: int
    items: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceMonth:
    """A month of a workspace. `months` are those that can be chosen, the newest first, each as 2026-07.

    `through` is the last day that has a bill, None before the first of the month. `before` is what the month before cost on
    the same days, `latest` the cost of `through` and `day_before` of the day before it. A forecast is made of the month that
    is running.
    """

    currency: Currency
    months: tuple[str, ...]
    month: date
    final_at: datetime
    is_final: bool
    is_running: bool
    minor: int
    before: int | None
    through: date | None
    latest: int | None
    day_before: int | None
    days: tuple[DayCost, ...]
    items: tuple[ItemSum, ...]
    latest_items: tuple[ItemSum, ...]
    bills: tuple[ListedBill, ...]
    forecast: Forecast | None
    tests: tuple[BackTest, ...]


class WorkspaceCosts:
    """For owner and administrators in the console. `clock` tells business time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def month(self, actor: Actor, asked: str = "") -> WorkspaceMonth | None:
        """The month that is asked for, else the one that is running; None while there is no bill. Raises NotAllowedError."""
        now = self._clock.now()
        async with self._database.reporting() as work:
            viewer = await viewing.viewer_of(work, actor)
            if viewer.scope is None:
                return None
            workspace = await work.session.get_one(Workspace, actor.workspace_id)
            running = f"{now.astimezone(sites.get(workspace.site).zone):%Y-%m}"
            months = [row.month for row in await queries.known_months(work, viewer.scope)]
            if not months:
                return None
            if months[0] < running:
                months.insert(0, running)
            month = asked if asked in months else months[0]
            first = date.fromisoformat(f"{month}-01")
            costs = await _costs(work, viewer.scope, first)
            through = _through(costs, first)
            ends = viewing.final_at(month, viewer.zone)
            is_running = month == running
            return WorkspaceMonth(
                currency=viewer.currency,
                months=tuple(months),
                month=first,
                final_at=ends,
                is_final=now >= ends,
                is_running=is_running,
                minor=sum(cost for day, cost in costs.items() if _is_in(day, first)),
                before=forecasts.same_days(costs, first, through) if through else None,
                through=through,
                latest=costs[through] if through else None,
                day_before=costs.get(date.fromordinal(through.toordinal() - 1)) if through else None,
                days=await _days(work, viewer.scope, month, costs),
                items=tuple(viewing.item_sum(row) for row in await queries.items(work, viewer.scope, month)),
                latest_items=await _items(work, viewer.scope, month, through),
                bills=tuple(await viewing.listed(work, viewer.scope, month)),
                forecast=_forecast(costs, first) if is_running else None,
                tests=tuple(_tests(costs, first)) if is_running else (),
            )


async def _costs(work: UnitOfWork, scope: BillScope, month: date) -> dict[date, int]:
    rows = await queries.daily(work, scope, forecasts.first_needed(month))
    return {row.day: int(row.minor) for row in rows if row.day <= forecasts.last_of(month)}


async def _days(work: UnitOfWork, scope: BillScope, month: str, costs: Mapping[date, int]) -> tuple[DayCost, ...]:
    items: dict[date, dict[str, int]] = {}
    for row in await queries.day_items(work, scope, month):
        items.setdefault(row.day, {})[row.item] = int(row.minor)
    first = date.fromisoformat(f"{month}-01")
    return tuple(
        DayCost(day=day, minor=minor, items=items.get(day, {})) for day, minor in costs.items() if _is_in(day, first)
    )


async def _items(work: UnitOfWork, scope: BillScope, month: str, day: date | None) -> tuple[ItemSum, ...]:
    if day is None:
        return ()
    return tuple(viewing.item_sum(row) for row in await queries.items(work, scope, month, day))


def _through(costs: Mapping[date, int], month: date) -> date | None:
    return max((day for day in costs if _is_in(day, month)), default=None)


def _forecast(costs: Mapping[date, int], month: date) -> Forecast | None:
    return forecasts.forecast(costs, month, max(costs)) if costs else None


def _tests(costs: Mapping[date, int], month: date) -> Sequence[BackTest]:
    return forecasts.back_tests(costs, month, max(costs)) if costs else ()


def _is_in(day: date, month: date) -> bool:
    return month <= day <= forecasts.last_of(month)
