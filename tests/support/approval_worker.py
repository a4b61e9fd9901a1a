"""Acts of two operators in their order, by processes that are killed at any moment: `python -m tests.support.approval_worker URL FOLDER`.

The database holds an account fee_yunfan with a recharge of 1,000.00 under the number 1. Each round a process begins from the
first act and is killed; that of the last round comes to the end.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

from guance_portal import bootstrap
from guance_portal.approvals import orders
from guance_portal.approvals.errors import RequestDecidedError
from guance_portal.approvals.orders import Order
from guance_portal.approvals.service import Asking
from guance_portal.bootstrap import Services
from guance_portal.core.money import Currency
from guance_portal.core.settings import Settings
from guance_portal.ledger.chart import Kind
from tests.support.operators import ACCOUNT, XU, ZHOU
from tests.support.sizes import seeded, size

ROUNDS, LONGEST = size(12, 100), 0.6
UNTIL = datetime(2999, 1, 1, tzinfo=UTC)


def wanted() -> list[Order]:
    """A grant, a batch, a refund that leaves, and one that is refused, each above the limit."""
    since = UNTIL - timedelta(days=360_000)
    about = {"fee_account": ACCOUNT, "currency": Currency.CNY}
    return [
        orders.Grant.model_validate({**about, "minor": 5_000_00, "valid_from": since, "valid_until": UNTIL}),
        orders.BatchOrder(name="b", count=30, minor=100_00, currency=Currency.CNY, valid_until=UNTIL),
        orders.RefundOrder.model_validate({**about, "way": Kind.ALIPAY, "trade": "1", "minor": 3_000_00}),
        orders.RefundOrder.model_validate({**about, "way": Kind.ALIPAY, "trade": "1", "minor": 2_000_00}),
    ]


async def work(services: Services) -> None:
    """Every act once, from the first to the last; what was decided before stays decided."""
    for number, order in enumerate(wanted()):
        asking = Asking(actor=XU, why=f"act {number}", key=f"key{number}")
        answer = await services.approvals.ask(asking, order)
        try:
            if number == 3:
                await services.approvals.refuse(ZHOU, answer.id, why="not this one")
            else:
                await services.approvals.approve(ZHOU, answer.id)
        except RequestDecidedError:
            continue
    await services.close()


def begin(url: str, folder: str) -> ForkProcess:
    """A process that does them."""
    process = get_context("fork").Process(target=_whole, args=(url, folder))
    process.start()
    return process


def _whole(url: str, folder: str) -> None:
    chosen = Settings.model_validate({"data_dir": Path(folder), "database_url": url, "secret_key": "k" * 40})
    asyncio.run(work(bootstrap.build(chosen)))


def main(url: str, folder: str) -> int:
    """The rounds; 0 when the last process came to the end."""
    chance = seeded(f"kills within approvals of {url.partition(':')[0]}")
    for _ in range(ROUNDS):
        process = begin(url, folder)
        time.sleep(chance.uniform(0, LONGEST))
        process.kill()
        process.join()
    last = begin(url, folder)
    last.join()
    return abs(last.exitcode or 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
