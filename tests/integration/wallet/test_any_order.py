"""The wallet in any order of acts: after each step every rule of the books holds, and a repeat moves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, select

from guance_portal.core.clock import BusinessClock, SystemClock
from guance_portal.core.db import Database, create_engine
from guance_portal.core.errors import PortalError
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.checking import LedgerCheck
from guance_portal.ledger.invariants import LEDGER
from guance_portal.wallet.acts import bills, purses, receipts, refunds
from guance_portal.wallet.acts.receipts import IncomingMoney
from guance_portal.wallet.debt import queries as debts
from guance_portal.wallet.debt.tables import WalletDebt
from guance_portal.wallet.debt.worker import DebtWorker
from guance_portal.wallet.invariants import WALLET
from tests.support.debt_worker import nobody_leaves
from tests.support.sizes import IS_WHOLE, LONG, size
from tests.support.wallets import T0, Wallet, day, refund, wallet

AMOUNTS = st.sampled_from((1, 99, 100_00, 250_00, 10_000_00))
NAMES = count()


class AnyOrder(RuleBasedStateMachine):
    """A wallet, and what was done with it; the clock goes on with each bill, and while nothing is done."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(create_engine(self.url))
        self.mine: Wallet = self.run(wallet(self.database, f"any{next(NAMES)}"))
        self.today, self.trades, self.grants, self.refunds, self.cards = 1, 0, 0, 0, 0
        self.corrections: dict[str, int] = {}

    def run(self, doing: Awaitable[Any]) -> Any:
        async def wait() -> Any:
            return await doing

        return self.runner.run(wait())

    def twice(self, act: Any, *told: Any, **options: Any) -> bool:
        """Do it, and again: what was refused moves nothing, and neither does a repeat. Whether it was done."""
        before = self.run(self.mine.references())
        try:
            self.run(self.mine.do(act, *told, **options))
        except PortalError:
            assert self.run(self.mine.references()) == before
            return False
        after = self.run(self.mine.references()), self.run(self.mine.held())
        self.run(self.mine.do(act, *told, **options))
        assert (self.run(self.mine.references()), self.run(self.mine.held())) == after
        return True

    @property
    def now(self) -> Any:
        return day(self.today)

    def trade(self, number: int) -> str:
        return f"{self.mine.payer}-{number}"

    @rule(minor=AMOUNTS)
    def recharge(self, minor: int) -> None:
        self.trades += 1
        money = IncomingMoney(
            way=Kind.ALIPAY, trade=self.trade(self.trades), minor=minor, currency=self.mine.currency, at=self.now
        )
        assert self.twice(receipts.credit, self.mine.payer, money, now=self.now)

    @rule(minor=AMOUNTS, is_claimed=st.booleans())
    def transfer(self, minor: int, *, is_claimed: bool) -> None:
        self.trades += 1
        trade = self.trade(self.trades)
        money = IncomingMoney(way=Kind.BANK, trade=trade, minor=minor, currency=self.mine.currency, at=self.now)
        assert self.twice(receipts.suspend, money)
        if is_claimed:
            assert self.twice(receipts.claim, self.mine.payer, Kind.BANK, trade, self.now)
        else:
            assert self.twice(receipts.send_back, Kind.BANK, trade, self.now)

    @rule(minor=AMOUNTS, days=st.integers(1, 4), kind=st.sampled_from((Kind.VOUCHER, Kind.BONUS_VOUCHER)))
    def grant(self, minor: int, days: int, kind: Kind) -> None:
        self.grants += 1
        terms = purses.Terms(
            kind=kind,
            minor=minor,
            currency=self.mine.currency,
            valid_from=self.now,
            valid_until=self.now + timedelta(days),
        )
        assert self.twice(purses.grant, self.mine.payer, terms, reference=f"grant:{self.grants}", at=self.now)

    @rule(price=st.sampled_from((100_00, 150_00, 10_000_00)))
    def buy(self, price: int) -> None:
        self.cards += 1
        order = purses.CardOrder(order=str(self.cards), minor=price, at=self.now, zone=_zone())
        self.twice(purses.buy_card, self.mine.payer, order)

    @rule(logs=st.integers(-50_00, 300_00), sms=st.integers(0, 20_00), is_cloud=st.booleans())
    def bill(self, logs: int, sms: int, *, is_cloud: bool) -> None:
        self.today += 1
        due = self.mine.due(self.today, ("logs", logs), ("sms", sms), listing="aws" if is_cloud else "")
        assert self.twice(bills.pay, [due], now=self.now)
        self.corrections[due.reference] = 0

    @rule(days=st.integers(1, 15))
    def wait(self, days: int) -> None:
        """Time goes on, and what debts are due for is done."""
        self.today += days
        clock = BusinessClock(SystemClock())
        clock.show(self.now)
        worker = DebtWorker(self.database, clock, leaving=nobody_leaves, public_url="https://portal.example")
        self.run(worker.take_due())
        assert self.run(worker.take_due()) == 0

    @rule()
    def expire(self) -> None:
        assert self.twice(purses.expire, self.mine.payer, self.now)

    @precondition(lambda self: self.corrections)
    @rule(data=st.data(), amount=st.integers(1, 100_00))
    def correct(self, data: st.DataObject, amount: int) -> None:
        reference = data.draw(st.sampled_from(sorted(self.corrections)))
        number = self.corrections[reference] + 1
        if self.twice(bills.correct, self.mine.payer, reference, number=number, amount=amount, at=self.now):
            self.corrections[reference] = number

    @precondition(lambda self: self.trades)
    @rule(data=st.data(), minor=st.integers(1, 200_00), end=st.sampled_from(("done", "part", "refused", "waits")))
    def refund(self, data: st.DataObject, minor: int, end: str) -> None:
        self.refunds += 1
        which = refund(self.mine, self.trade(data.draw(st.integers(1, self.trades))), self.refunds)
        if not self.twice(refunds.ask, which, minor, self.now):
            return
        if end == "refused":
            assert self.twice(refunds.refuse, which, self.now)
        elif end != "waits":
            assert self.twice(refunds.done, which, minor if end == "done" else (minor + 1) // 2, self.now)

    @precondition(lambda self: self.trades)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        trade = self.trade(data.draw(st.integers(1, self.trades)))
        self.twice(receipts.take_back, self.mine.payer, Kind.ALIPAY, trade, self.now)

    @rule(number=st.integers(1, 6), minor=AMOUNTS)
    def revoke(self, number: int, minor: int) -> None:
        self.grants += 1
        self.twice(purses.revoke, self.mine.payer, number, minor=minor, reference=f"revoke:{self.grants}", at=self.now)

    @invariant()
    def every_rule_holds(self) -> None:
        check = LedgerCheck(self.database, SystemClock(), (*LEDGER, *WALLET))
        assert [str(outcome) for outcome in self.run(check.look()) if outcome.breaches] == []

    @invariant()
    def who_owes_is_counted_and_who_does_not_is_not_locked(self) -> None:
        owed, debts, locked_at = self.run(self.standing())
        open_ = [debt for debt in debts if debt.ended_at is None]
        assert len(open_) == (1 if owed else 0)
        assert locked_at == (open_[0].locked_at if open_ else None)
        assert all(debt.ended_at is None or debt.ended_at >= debt.began_at for debt in debts)
        for debt in open_:
            # Locked when the worker has come by since the lock was due, and never before.
            assert debt.locked_at in (None, debt.countdown.locks_at)
            assert debt.locked_at is None or debt.countdown.locks_at <= self.now

    async def standing(self) -> Any:
        async with self.database.reading() as work:
            owed = (await debts.owed(work, [self.mine.payer]))[self.mine.payer]
            rows = (await work.session.exec(select(WalletDebt).where(col(WalletDebt.payer) == self.mine.payer))).all()
            account = (await debts.accounts(work, [self.mine.payer]))[self.mine.payer]
        return owed, rows, account.locked_at

    def teardown(self) -> None:
        with suppress(Exception):
            self.run(self.database.close())
        self.runner.close()


def _zone() -> Any:
    return T0.tzinfo


@LONG
def test_whatever_is_done_in_any_order_the_books_stay_right(database_url: str) -> None:
    machine = type("Machine", (AnyOrder,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=size(6, 60),
            stateful_step_count=size(15, 30),
            derandomize=not IS_WHOLE,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
        ),
    )
