"""Work that is leased by a row: a short lease, renewed for as long as its holder lives and works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=15)
"""So long after its holder's death others wait for the work; a holder that is kept busy for less keeps it."""
RENEWAL = timedelta(seconds=4)


@asynccontextmanager
async def renewed(renew: Callable[[], Awaitable[None]], every: timedelta = RENEWAL) -> AsyncGenerator[None]:
    """Renew a lease again and again while something is done under it."""
    renewal = asyncio.create_task(_renew(renew, every.total_seconds()))
    try:
        yield
    finally:
        renewal.cancel()
        await asyncio.wait({renewal})


async def _renew(renew: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await renew()
        except SQLAlchemyError as problem:
            # It may be back before the lease has run out.
            log.warning("lease_not_renewed", problem=type(problem).__name__)
