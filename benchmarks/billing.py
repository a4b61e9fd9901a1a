"""付费计划与账单 of a company with three years of daily use, and what many of its pages cost while nothing happens."""

from __future__ import annotations

import time
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks.figure import Figure, at_most
from benchmarks.paint import ROUNDS, paints
from benchmarks.support import portal_app
from benchmarks.support.browser import chromium
from benchmarks.support.crowd import Plan, gather
from benchmarks.support.served import Served, Visit
from benchmarks.weight import weigh
from guance_portal import routes
from guance_portal.billing.usage import Span
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.state.billing import BillingState
from tests.support.companies import paying
from tests.support.people import People
from tests.support.portal_server import PortalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guance_portal.bootstrap import Services
    from tests.support.newcomers import Newcomer

DAYS = 3 * 365
LOADS, WARM_UP = 100, 10
READS = 30
OPEN_PAGES, IDLE_SECONDS = 500, 20
_LOAD = f"{BillingState.get_full_name()}.load_billing"
_LOADED = '"as_of_rx_state_"'


def measure() -> Iterator[Figure]:
    """Loading, bytes and paint of one page; then the processor time of a worker with 500 of them open."""
    yield from _one_page()
    yield from _idle_pages()


def _one_page() -> Iterator[Figure]:
    with PortalServer.start() as server, People(server) as people:
        company = paying(people, days=DAYS)
        visit = Visit(server.base, routes.BILLING, company.cookies)
        loads = _loads(Served(server.base, server.pid), company)
        for percent in (50, 95):
            value = quantiles(loads, n=100, method="inclusive")[percent - 1]
            yield Figure(figure=f"billing.load.p{percent}", value=value, unit=f"ms, {len(loads)} loads on a raw socket")
        years = people.do(lambda services: _three_years(services, company))
        yield Figure(figure="billing.three_years", value=years, unit=f"ms to read 36 months, median of {READS}")
        with chromium() as browser:
            weight = weigh(browser, visit)
            yield Figure(
                figure="billing.weight.code", value=weight.code / 1000, unit="kB of JS and CSS, with the chart"
            )
            yield Figure(figure="billing.weight.all", value=weight.all / 1000, unit="kB of everything")
            seen = [paints(browser, visit) for _ in range(ROUNDS + 1)][1:]
        for name, values in zip(("first", "largest"), zip(*seen, strict=True), strict=True):
            yield Figure(figure=f"billing.paint.{name}", value=median(values), unit=f"ms, median of {ROUNDS}")


def _loads(served: Served, company: Newcomer) -> list[float]:
    """Milliseconds from asking for the page's data to having them, the tenth time on."""
    cookies = "; ".join(f"{name}={value}" for name, value in company.cookies.items())
    plan = Plan(
        base=served.base,
        path=routes.BILLING,
        event=_LOAD,
        seen=_LOADED,
        think=0.05,
        seconds=120,
        people=[{"Cookie": cookies}],
        events=LOADS + WARM_UP,
    )
    return gather(served, plan).outcome.latencies[WARM_UP:]


async def _three_years(services: Services, company: Newcomer) -> float:
    live = await services.sessions.find(Realm.CONSOLE, digest(company.cookies["gc_console"]))
    assert live
    plan = await services.plans.plan(live.actor)
    took: list[float] = []
    for _ in range(READS):
        start = time.perf_counter()
        await services.usage_views.history(live.actor, plan, Span.YEARS)
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def _idle_pages() -> Iterator[Figure]:
    """Each page of a workspace of its own, so that the watcher has as many to ask for."""
    with portal_app.serve(signed_in=OPEN_PAGES, with_workspaces=True) as portal:
        crowd = gather(
            portal.served,
            Plan(
                base=portal.served.base,
                path=routes.BILLING,
                event="",
                seen="",
                think=0,
                seconds=IDLE_SECONDS,
                people=[person.headers for person in portal.people],
            ),
        )
    if crowd.ready and crowd.after:
        used = (crowd.after.cpu_seconds - crowd.ready.cpu_seconds) / crowd.seconds * 100
        unit = f"% of one core, {OPEN_PAGES} open pages, {IDLE_SECONDS} s"
        yield Figure(figure="billing.idle_cpu", value=used, unit=unit, aim=at_most(3))
    yield Figure(figure="billing.idle_errors", value=crowd.outcome.errors, unit="pages", aim=at_most(0))
