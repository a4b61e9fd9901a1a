"""Does what countdowns say when it is due: sends the mails, and locks. Safe in several processes at once, and killable.

A step is one unit of work: its mails, its locks and the note of what comes next are committed together or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.accounts.tables import Workspace
from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.payers import queries as payers
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt import emails, locks, queries
from guance_portal.wallet.debt.emails import DebtFacts
from guance_portal.wallet.debt.rules import DebtStep
from guance_portal.wallet.debt.tables import WalletDebt

log = structlog.get_logger(__name__)

PERIOD = 1.0
"""Seconds between two looks for steps that are due."""

Leaving = Callable[[UnitOfWork, str], Awaitable[Collection[str]]]
"""Answers the workspaces of an account that are about to be settled by a live cloud account."""


class DebtWorker:
    """`clock` tells business time, `leaving` which workspaces a lock spares."""

    def __init__(self, database: Database, clock: Clock, *, leaving: Leaving, public_url: str) -> None:
        self._database, self._clock, self._leaving, self._public_url = database, clock, leaving, public_url

    async def follow(self) -> None:
        """Look again and again, for as long as the process lives."""
        while True:
            try:
                await self.take_due()
            except SQLAlchemyError as problem:
                log.warning("debts_postponed", problem=type(problem).__name__)
            await asyncio.sleep(PERIOD)

    async def take_due(self) -> int:
        """Do every step that is due, the longest due first; returns how many were done here.

        Steps of one debt follow each other, so that after a stop, or a jump of the clock, none is left out.
        """
        count = 0
        while True:
            async with self._database.reading() as work:
                found = await queries.next_due(work, self._clock.now())
            if found is None:
                return count
            count += await self._take(found)

    async def _take(self, found: WalletDebt) -> bool:
        """Do the next step of a debt, unless somebody else has done it meanwhile; then False."""
        async with self._database.writing() as work:
            account = await payers.fresh_account(work, found.fee_account_id)
            debt = await queries.still_due(work, found, self._clock.now())
            if debt is None or debt.next_step is None:
                return False
            await self._do(work, debt, account, debt.next_step)
            await work.commit()
        return True

    async def _do(self, work: UnitOfWork, debt: WalletDebt, account: FeeAccount, step: DebtStep) -> None:
        following = debt.countdown.after(step)
        debt.next_step, debt.next_at = following or (None, None)
        concerned = await self._concerned(work, step, debt, account)
        account.version += 1
        work.session.add_all([debt, account])
        await work.session.flush()
        owed = (await queries.owed(work, [debt.payer]))[debt.payer]
        told = DebtFacts(debt=debt, account=account, owed=owed, workspaces=concerned)
        await emails.say(work, step, told, public_url=self._public_url)
        on = ("fee_account", account.id)
        if step is DebtStep.LOCK:
            audit.record(work, "debt.locked", on, at=self._clock.now())
        else:
            audit.record(work, "debt.told", on, at=self._clock.now(), step=step)

    async def _concerned(
        self, work: UnitOfWork, step: DebtStep, debt: WalletDebt, account: FeeAccount
    ) -> Sequence[Workspace]:
        """The workspaces that a step tells of; the lock locks them."""
        if step is not DebtStep.LOCK:
            return await queries.settled_by_account(work, account.id)
        debt.locked_at = debt.countdown.locks_at
        spared = await self._leaving(work, account.id)
        return await locks.lock(work, account, debt.locked_at, spared=spared, now=self._clock.now())
