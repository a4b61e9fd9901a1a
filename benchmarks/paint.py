"""Milliseconds until something, and until the largest thing, is seen on a first visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from playwright.sync_api import Browser

from benchmarks.figure import Figure, at_most_times_reference
from benchmarks.support import blank_app, portal_app
from benchmarks.support.browser import chromium, fresh_page, open_until_quiet
from benchmarks.support.served import Visit
from guance_portal import routes

WORDS_ALONE = "/healthz"
"""Plain text: no styles, no scripts, no socket."""
ROUNDS = 9
LINES: Mapping[str, Mapping[str, float] | None] = {
    "loopback": None,
    "line": {"latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000},
}
"""How the browser is connected: as fast as it can, and with 10 Mbit/s at 40 ms."""
AIM = at_most_times_reference(0.7)
_PAINTS = """() => Promise.all(["paint", "largest-contentful-paint"].map((type) => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const seen = list.getEntries().filter((entry) => entry.name !== "first-paint").at(-1);
    if (seen) resolve(seen.startTime);
  }).observe({ type, buffered: true });
})))"""


def measure() -> Iterator[Figure]:
    """Medians of nine rounds, on loopback and on a modest line.

    In each round every page is loaded once, so that all meet the same load of the machine. The first figure is what the
    browser itself needs for a few words without styles or scripts: no page can be painted sooner.
    """
    with blank_app.serve() as blank, portal_app.serve(signed_in=1) as portal, chromium() as browser:
        words = Visit(portal.served.base, WORDS_ALONE)
        public = [portal.visit(routes.LOGIN), portal.visit(routes.REGISTER_BASIC)]
        pages = [Visit(blank.base, "/"), words, *public, portal.visit(routes.ACCOUNT, person=0)]
        for line, conditions in LINES.items():
            rounds = [[paints(browser, visit, conditions) for visit in pages] for _ in range(ROUNDS + 1)][1:]
            yield from _figures(line, pages, rounds, public)


def paints(browser: Browser, visit: Visit, conditions: Mapping[str, float] | None = None) -> tuple[float, float]:
    """First and largest contentful paint of one visit, in ms after the navigation began."""
    with fresh_page(browser, visit) as page:
        if conditions:
            page.context.new_cdp_session(page).send(
                "Network.emulateNetworkConditions", {"offline": False, **conditions}
            )
        if visit.path == WORDS_ALONE:
            page.goto(visit.address, wait_until="load")
        else:
            open_until_quiet(page, visit)
        first, largest = page.evaluate(_PAINTS)
    return first, largest


def _figures(
    line: str, pages: list[Visit], rounds: list[list[tuple[float, float]]], aimed: list[Visit]
) -> Iterator[Figure]:
    template = _medians(rounds, 0)
    for index, visit in enumerate(pages[1:], start=1):
        for name, value, reference in zip(("first", "largest"), _medians(rounds, index), template, strict=True):
            yield Figure(
                figure=f"paint{visit.path.replace('/', '.')}.{name}.{line}",
                value=value,
                unit="ms",
                reference=reference,
                reference_of=f"blank template, {name} contentful paint, median of {ROUNDS}",
                aim=AIM if visit in aimed and name == "first" else None,
            )


def _medians(rounds: list[list[tuple[float, float]]], index: int) -> tuple[float, float]:
    seen = [one[index] for one in rounds]
    return median(first for first, _ in seen), median(largest for _, largest in seen)
