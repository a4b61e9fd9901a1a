"""Acts of a wallet in their order, by processes that are killed at any moment: `python -m tests.support.wallet_worker URL PAYER`.

Each round two processes begin from the first act, and both are killed; those of the last round come to the end.
"""

from __future__ import annotations

import asyncio
import sys
import time
from multiprocessing import get_context
from multiprocessing.context import ForkProcess

from guance_portal.core.db import Database, create_engine
from guance_portal.ledger.chart import Kind
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from tests.support.sizes import seeded, size
from tests.support.wallets import CNY, SHANGHAI, Wallet, day, refund

ROUNDS, LONGEST = size(12, 200), 0.25


async def work(url: str, payer: int) -> None:
    """Every act once, from the first to the last."""
    database = Database(create_engine(url))
    mine = Wallet(database, payer)
    trade = f"of{payer}-1"
    transfer = receipts.IncomingMoney(way=Kind.BANK, trade=f"of{payer}-2", minor=70_00, currency=CNY, at=day(3))
    await mine.recharge(20_000_00, trade)
    await mine.grant(50_00, until=day(4))
    await mine.buy(10_000_00)
    await mine.do(purses.activate, payer, f"of{payer}-code", day(1))
    for number in range(1, 6):
        await mine.pay(*(mine.due(number, ("logs", 900_00 * number), ("sms", 7), workspace=f"w{n}") for n in range(3)))
    await mine.do(bills.correct, payer, "bill:w1:2", number=1, amount=11_00, at=day(5))
    await mine.do(purses.expire, payer, day(5))
    await mine.do(receipts.suspend, transfer)
    await mine.do(receipts.claim, payer, Kind.BANK, transfer.trade, day(5))
    await mine.do(bills.pay, [mine.due(6, ("logs", -30_000_00))], now=day(6))
    await mine.recharge(500_00, f"of{payer}-3")
    await mine.do(refunds.ask, refund(mine, f"of{payer}-3"), 200_00, day(6))
    await mine.do(refunds.done, refund(mine, f"of{payer}-3"), 150_00, day(6))
    await mine.do(receipts.take_back, payer, Kind.ALIPAY, f"of{payer}-3", day(7))
    await mine.recharge(1_000_00, f"of{payer}-4")
    await mine.do(purses.buy_card, payer, purses.CardOrder(order="2", minor=100_00, at=day(7), zone=SHANGHAI))
    await database.close()


def begin(url: str, payer: int) -> ForkProcess:
    """A process that does them."""
    process = get_context("fork").Process(target=_whole, args=(url, payer))
    process.start()
    return process


def _whole(url: str, payer: int) -> None:
    asyncio.run(work(url, payer))


def main(url: str, payer: int) -> int:
    """The rounds; 0 when both processes of the last one came to the end."""
    chance = seeded(f"kills of {url.partition(':')[0]}")
    for _ in range(ROUNDS):
        processes = [begin(url, payer) for _ in range(2)]
        for process in processes:
            time.sleep(chance.uniform(0, LONGEST))
            process.kill()
            process.join()
    last = [begin(url, payer) for _ in range(2)]
    for process in last:
        process.join()
    return max(abs(process.exitcode or 0) for process in last)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
