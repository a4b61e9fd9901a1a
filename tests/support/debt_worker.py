"""The steps of debts, by processes that are killed at any moment: `python -m tests.support.debt_worker URL MOMENT`.

Each round two processes begin and both are killed; those of the last round come to the end.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Collection
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkProcess

from guance_portal.core.clock import BusinessClock, SystemClock
from guance_portal.core.db import Database, UnitOfWork, create_engine
from guance_portal.wallet.debt.worker import DebtWorker
from tests.support.sizes import seeded, size

ROUNDS, LONGEST = size(6, 60), 0.3


async def nobody_leaves(work: UnitOfWork, fee_account_id: str) -> Collection[str]:
    """No workspace is about to be settled by a cloud account."""
    del work, fee_account_id
    return ()


async def work(url: str, moment: str) -> None:
    """Everything that is due at a moment."""
    database = Database(create_engine(url))
    clock = BusinessClock(SystemClock())
    clock.show(datetime.fromisoformat(moment))
    worker = DebtWorker(database, clock, leaving=nobody_leaves, public_url="https://portal.example")
    await worker.take_due()
    await database.close()


def _whole(url: str, moment: str) -> None:
    asyncio.run(work(url, moment))


def begin(url: str, moment: str) -> ForkProcess:
    """A process that does them."""
    process = get_context("fork").Process(target=_whole, args=(url, moment))
    process.start()
    return process


def main(url: str, moment: str) -> int:
    """The rounds; 0 when both processes of the last one came to the end."""
    chance = seeded(f"kills of debts, {url.partition(':')[0]}")
    for _ in range(ROUNDS):
        processes = [begin(url, moment) for _ in range(2)]
        for process in processes:
            time.sleep(chance.uniform(0, LONGEST))
            process.kill()
            process.join()
    last = [begin(url, moment) for _ in range(2)]
    for process in last:
        process.join()
    return max(abs(process.exitcode or 0) for process in last)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
