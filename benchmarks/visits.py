"""What visits that are over leave in the memory of a worker: states of tabs that nobody holds any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from benchmarks.figure import Figure, at_most
from tests.support.portal_server import PortalServer
from tests.support.visits import growth

VISITS = 5_000


def measure() -> Iterator[Figure]:
    """The growth of the worker by so many visits of /login, each closed as soon as it had loaded."""
    with PortalServer.start() as portal:
        yield Figure(figure="visits.memory", value=asyncio.run(growth(portal, VISITS)), unit="MB", aim=at_most(40))
