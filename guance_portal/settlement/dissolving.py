"""What becomes of the settlement of a workspace that is dissolved."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import UnitOfWork
from guance_portal.settlement import standing
from guance_portal.settlement.choices import ChangeState
from guance_portal.settlement.effects import Effects
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.settlement.tables import SettlementChange

WHY = "workspace_dissolved"


@dataclass(frozen=True, slots=True)
class Settled:
    """How the last day of a workspace is settled, and the change that waited and is withdrawn."""

    here: SettlementStanding
    withdrawn: SettlementChange | None


class Dissolving:
    """Ends what would still change; the binding stays, for what was used is still to be paid."""

    def __init__(self, clock: Clock, effects: Effects) -> None:
        self._clock, self._effects = clock, effects

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
