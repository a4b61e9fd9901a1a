"""The unused codes of a batch are voided: they give nothing any more. It moves no money, so one operator does it."""

from __future__ import annotations

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.reasons import reason
from guance_portal.wallet.acts import batches


class CodeVoiding:
    """For operators alone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def void(self, actor: Actor, batch_id: str, why: str, caller: Caller | None = None) -> int:
        """Void what nobody has used; returns how many codes that were. Audited; raises what `reason` raises.

        Codes that were never taken are gone with it.
        """
        actor.require(Realm.OPERATOR)
        said, now = reason(why), self._clock.now()
        async with self._database.writing() as work:
            count = await batches.void(work, batch_id, now)
            if count:
                audit.record(
                    work,
                    "codes.voided",
                    ("code_batch", batch_id),
                    at=now,
                    actor=actor,
                    caller=caller,
                    reason=said,
                    count=str(count),
                )
            await work.commit()
        return count
