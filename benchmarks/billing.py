"""付费计划与账单 of a company with three years of daily use, and what many of its pages cost while nothing happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from statistics import median, quantiles

from playwright.sync_api import Browser

from benchmarks.figure import Figure, at_most
from benchmarks.paint import ROUNDS, paints
from benchmarks.support import portal_app
from benchmarks.support.browser import chromium, fresh_page, open_until_quiet
from benchmarks.support.crowd import Plan, gather
from benchmarks.support.served import Served, Visit
from benchmarks.weight import weigh
from guance_portal import routes
from guance_portal.accounts.rules import Edition
from guance_portal.billing.usage import UsageSpan
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.tokens import digest
from guance_portal.state.billing.page import BillingState
from guance_portal.state.billing.usage import UsageState
from tests.support.companies import paying
from tests.support.newcomers import Newcomer
from tests.support.people import People
from tests.support.portal_server import PortalServer
from tests.support.raw_socket import RawSocket

DAYS = 3 * 365
LOADS, WARM_UP = 100, 10
READS = 30
OPEN_PAGES, IDLE_SECONDS = 500, 20
_LOAD = f"{BillingState.get_full_name()}.load_billing"
_LOADED = '"as_of_rx_state_"'
_CHOOSE = f"{UsageState.get_full_name()}.choose_span"
_CHANGE = """async (span) => {
  const summary = document.querySelector(".gc-chart-summary");
  const drawn = new Promise((resolve) => new MutationObserver(() =>
    requestAnimationFrame(() => requestAnimationFrame(resolve))
  ).observe(summary, { childList: true, characterData: true, subtree: true }));
  const start = performance.now();
  document.querySelector(`input[name=span][value="${span}"]`).click();
  await drawn;
  return performance.now() - start;
}"""


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
        yield Figure(figure="billing.three_years.read", value=years, unit=f"ms to read 36 months, median of {READS}")
        yield from asyncio.run(_data(server.base, company))
        with chromium() as browser:
            drawn = _drawn(browser, visit)
            yield Figure(
                figure="billing.three_years.paint", value=drawn, unit=f"ms from click to frame, median of {ROUNDS}"
            )
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
        await services.usage_views.history(live.actor, plan, UsageSpan.YEARS)
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


async def _data(base: str, company: Newcomer) -> list[Figure]:
    """What travels over the socket for the page, and for its chart of 36 months: bytes before compression, and time."""
    async with RawSocket(base, cookies=company.cookies) as socket:
        await socket.boot(routes.BILLING)
        loaded = sum(len(frame.encode()) for frame in socket.frames)
        took: list[float] = []
        sizes: list[int] = []
        for span in (UsageSpan.YEARS, UsageSpan.MONTH) * READS:
            before, start = len(socket.frames), time.perf_counter()
            await socket.call(_CHOOSE, {"span": span.value}, path=routes.BILLING)
            await socket.settle()
            if span is UsageSpan.YEARS:
                took.append((time.perf_counter() - start) * 1000)
                sizes.append(sum(len(frame.encode()) for frame in socket.frames[before:]))
    return [
        Figure(figure="billing.weight.data", value=loaded / 1000, unit="kB of frames that fill the page"),
        Figure(figure="billing.three_years.data", value=median(sizes) / 1000, unit="kB of frames for 36 months"),
        Figure(
            figure="billing.three_years.server",
            value=median(took),
            unit=f"ms from the event to its answer and one more, median of {READS}",
        ),
    ]


def _drawn(browser: Browser, visit: Visit) -> float:
    """Milliseconds from choosing three years to the second frame after the page has changed."""
    with fresh_page(browser, visit) as page:
        open_until_quiet(page, visit)
        took: list[float] = []
        for _ in range(ROUNDS + 1):
            took.append(page.evaluate(_CHANGE, UsageSpan.YEARS.value))
            page.evaluate(_CHANGE, UsageSpan.MONTH.value)
    return median(took[1:])


def _idle_pages() -> Iterator[Figure]:
    """Each page of a workspace of its own, so that the watcher has as many to ask for.

    Every other one is 商业版: its page follows the use and, apart from that, how it is settled.
    """
    with portal_app.serve(signed_in=OPEN_PAGES, editions=(Edition.COMMERCIAL, Edition.FREE)) as portal:
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
