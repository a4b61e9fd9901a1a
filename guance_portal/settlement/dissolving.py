"""What becomes of the settlement of a workspace that is dissolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.settlement import queries, standing
from guance_portal.settlement.choices import ChangeState
from guance_portal.settlement.effects import Effects
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange

WHY = "workspace_dissolved"
BOUND_FOR = timedelta(days=37)
"""So long a dissolved workspace stays with its payer: late use comes for 35 days, and is billed when its day ends."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How the last day of a workspace is settled, and the change that waited and is withdrawn."""

    here: SettlementStanding
    withdrawn: SettlementChange | None


class Dissolving:
    """Ends what would still change; the binding stays for BOUND_FOR, for what was used is still to be paid."""

    def __init__(self, database: Database, clock: Clock, effects: Effects) -> None:
        self._database, self._clock, self._effects = database, clock, effects

    async def unbind_old(self) -> int:
        """Take workspaces from their payers that were dissolved BOUND_FOR ago; returns how many.

        Their bills and periods stay.
        """
        now = self._clock.now()
        async with self._database.reading() as work:
            found = await queries.dissolved_before(work, now - BOUND_FOR)
        for workspace_id in found:
            async with self._database.writing() as work:
                here = await standing.read(work, workspace_id, now, lock=True)
                await work.session.delete(here.payer)
                here.account.version += 1
                on = ("workspace", workspace_id)
                audit.record(work, "workspace.unbound", on, at=now, payer=here.account.username)
                await work.commit()
        return len(found)

    async def end_in(self, work: UnitOfWork, workspace_id: str, actor: Actor, caller: Caller) -> Settled:
        """Let a change that is due take effect, withdraw one that waits, and tell those who watch the account.

        The open day is settled by the method in force. Raises NothingToSettleError for a 体验版.
        """
        now = self._clock.now()
        here = await standing.read(work, workspace_id, now, lock=True)
        if await self._effects.decide(work, here):
            here = await standing.read(work, workspace_id, now, lock=True)
        if change := here.pending:
            change.state, change.counted_month, change.ended_at = ChangeState.WITHDRAWN, None, now
            change.reason = WHY
            if here.next_account:
                here.next_account.version += 1
            audit.record(
                work,
                "settlement_change.withdrawn",
                ("workspace", workspace_id),
                at=now,
                actor=actor,
                caller=caller,
                change=change.id,
                method=change.to_method.value,
                effective_day=change.effective_day.isoformat(),
                reason=WHY,
            )
        here.account.version += 1
        await work.session.flush()
        return Settled(here, change)
