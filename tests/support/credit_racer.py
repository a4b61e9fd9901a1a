"""What a provider tells of one payment, many times at once, in a process of its own: `python -m tests.support.credit_racer URL ORDER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from guance_portal.core.clock import SystemClock
from guance_portal.core.db import Database, create_engine
from guance_portal.ledger.chart import Kind
from guance_portal.payments.crediting import Crediting
from guance_portal.payments.rules import ToldPayment


async def main(url: str, order: str, at: str) -> None:
    """Credit it 20 times at once."""
    database = Database(create_engine(url))
    crediting = Crediting(database, SystemClock())
    told = ToldPayment(
        way=Kind.ALIPAY,
        order=order,
        trade="T1",
        minor=100_00,
        currency="CNY",
        is_paid=True,
        paid_at=datetime.fromisoformat(at).astimezone(UTC),
    )
    outcomes = await asyncio.gather(*(crediting.credit(told) for _ in range(20)))
    await database.close()
    sys.stdout.write(" ".join(outcomes))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
