"""Days closed by several processes: `python -m tests.support.closing_worker URL UNTIL WORKERS ORDER KILLS`.

Processes that are to be killed come in pairs; those of the end do what is left.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkProcess

from guance_portal.billing.bills import members
from guance_portal.billing.bills.closing import DailyClose
from guance_portal.core.db import Database, create_engine

LONGEST = 0.4
"""Seconds that one to be killed lives."""


class Fixed:
    """Time that stands still."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """That moment."""
        return self._at


async def close(url: str, until: datetime, order: str) -> None:
    """Close everything until then; `order` is that of the shards."""
    members.SHARD = 2
    database = Database(create_engine(url))
    try:
        daily = DailyClose(database, Fixed(until), settle_changes=_nothing)
        await daily.close_due(order={"up": _up, "down": _down}.get(order))
    finally:
        await database.close()


async def _nothing() -> None:
    pass


def _up(shards: list[int]) -> None:
    shards.sort()


def _down(shards: list[int]) -> None:
    shards.sort(reverse=True)


def _whole(url: str, until: str, order: str) -> None:
    asyncio.run(close(url, datetime.fromisoformat(until), order))


def begin(url: str, until: str, order: str) -> ForkProcess:
    """A process that does it."""
    process = get_context("fork").Process(target=_whole, args=(url, until, order))
    process.start()
    return process


def main(url: str, until: str, workers: int, order: str, kills: int) -> int:
    """Kill so many, then let so many work to the end; 0 when all of these ended well."""
    chance = random.Random(kills)
    for _ in range(kills // 2):
        pair = [begin(url, until, order) for _ in range(2)]
        time.sleep(chance.uniform(0.02, LONGEST))
        for process in pair:
            process.kill()
            process.join()
    ends = [begin(url, until, order) for _ in range(workers)]
    for process in ends:
        process.join()
    return 0 if all(process.exitcode == 0 for process in ends) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
