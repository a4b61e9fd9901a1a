"""A change takes effect when its day begins: judged again, once, by the first of many processes."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.payers import periods
from guance_portal.payers.registry import Providers
from guance_portal.settlement import emails, payer_change, queries, standing
from guance_portal.settlement.choices import ChangeKind, ChangeState
from guance_portal.settlement.locking import follow_lock
from guance_portal.settlement.standing import SettlementStanding, choice_of
from guance_portal.settlement.tables import SettlementChange

log = structlog.get_logger(__name__)

PERIOD = 5.0
"""Seconds between two looks for changes that are due; anyone who reads one in between lets it take effect at once."""
_AT_ONCE = 100


class Effects:
    """Lets due changes take effect."""

    def __init__(self, database: Database, clock: Clock, providers: Providers, *, public_url: str) -> None:
        self._database, self._clock, self._providers, self._public_url = database, clock, providers, public_url

    async def follow(self) -> None:
        """Look again and again, as a worker does beside its requests."""
        while True:
            try:
                await self.take_due()
            except SQLAlchemyError as problem:
                log.warning("settlement_effects_postponed", problem=type(problem).__name__)
            await asyncio.sleep(PERIOD)

    async def take_due(self) -> int:
        """Let every change take effect whose day has begun; returns how many were decided here."""
        async with self._database.reading() as work:
            found = await queries.due(work, self._clock.now(), _AT_ONCE)
        return sum([await self.take(workspace_id) for _, workspace_id in found])

    async def take_all_due(self) -> None:
        """Let every change take effect whose day has begun, however many there are."""
        while await self.take_due():
            pass

    async def take(self, workspace_id: str) -> bool:
        """Decide a workspace's pending change if its day has begun; False when there was nothing to do."""
        async with self._database.writing() as work:
            here = await standing.read(work, workspace_id, self._clock.now(), lock=True)
            is_taken = await self.decide(work, here)
            await work.commit()
        return is_taken

    async def decide(self, work: UnitOfWork, here: SettlementStanding) -> bool:
        """The same inside the transaction that has locked the standing; it must be read again after True."""
        change = here.pending
        if change is None or not here.is_due:
            return False
        if change.kind is ChangeKind.PAYER:
            await payer_change.decide(work, here, change, public_url=self._public_url)
            return True
        verdict = here.judge_effect(self._providers).of(choice_of(change.to_cloud_account_id))
        reasons = verdict.reasons if verdict else ()
        if verdict and verdict.is_choosable:
            _apply(here, change)
            await periods.begin(work, here.payer, change.effective_day, here.now)
        else:
            change.state, change.counted_month = ChangeState.REFUSED, None
            change.reason = " ".join(reasons)
        change.ended_at = here.now
        follow_lock(work, here)
        here.account.version += 1
        audit.record(
            work,
            f"settlement_change.{change.state}",
            ("workspace", here.workspace.id),
            at=here.now,
            change=change.id,
            method=change.to_method.value,
            reason=change.reason,
        )
        await emails.say(work, here, change, change.state.value, public_url=self._public_url)
        await work.session.flush()
        return True


def _apply(here: SettlementStanding, change: SettlementChange) -> None:
    change.state = ChangeState.EFFECTIVE
    # Meanwhile a marketplace may have closed the account that paid when the change was ordered.
    change.from_method, change.from_cloud_account_id = here.payer.method, here.payer.cloud_account_id
    here.payer.method, here.payer.cloud_account_id = change.to_method, change.to_cloud_account_id
    here.payer.since = change.effective_at
