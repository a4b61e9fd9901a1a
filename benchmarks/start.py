"""Seconds to build the pages, and from `serve` to ready when nothing has changed since."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks.figure import Figure, at_most
from benchmarks.support import blank_app
from guance_portal.build import publish
from tests.support.portal_server import PortalServer

ROUNDS = 3
AIM = at_most(10)


def measure() -> Iterator[Figure]:
    """The median of three starts with a build and a database that are there, and one build of each app."""
    publish.ensure_built()
    blank_app.ensure_built()
    starts = [(_portal_start(), _blank_start()) for _ in range(ROUNDS)]
    yield Figure(
        figure="start.ready",
        value=median(ours for ours, _ in starts),
        unit="s",
        reference=median(bare for _, bare in starts),
        reference_of=f"blank app, built before, until its first page answers, median of {ROUNDS}",
        aim=AIM,
    )
    yield Figure(
        figure="start.build",
        value=_seconds(_build_portal),
        unit="s",
        reference=blank_app.build_seconds(),
        reference_of="production build of the blank app, one language, packages installed",
    )


def _portal_start() -> float:
    with PortalServer.start() as server:
        server.stop()
        return _seconds(server.begin)


def _blank_start() -> float:
    start = time.perf_counter()
    with blank_app.serve():
        return time.perf_counter() - start


def _build_portal() -> None:
    """A build thrown away: the published one may be serving somebody."""
    with publish._alone():
        publish._export()


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
