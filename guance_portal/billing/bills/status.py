"""How far the daily close has come, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from guance_portal import sites
from guance_portal.billing.bills.calendar import last_end
from guance_portal.billing.bills.tables import BillRow, BillState, CloseHold, ClosingShard
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payers.tables import FeeAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A payer that is held back since an instant, and why."""

    username: str
    ends_at: datetime
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStatus:
    """The last instant at which a day ended, the earliest up to which all days are closed, and what does not go on."""

    ended: datetime
    done_until: datetime | None
    holds: tuple[Hold, ...]
    waiting: int

    def __str__(self) -> str:
        """A few lines."""
        done = f"{self.done_until:%Y-%m-%d %H:%M} UTC" if self.done_until else "nothing yet"
        lines = [f"Closed up to {done}; the last day ended at {self.ended:%Y-%m-%d %H:%M} UTC."]
        if self.waiting:
            lines.append(f"{self.waiting} bills wait, because the books of their payers are stopped.")
        for hold in self.holds:
            since = f"{hold.ends_at:%Y-%m-%d %H:%M} UTC"
            lines.append(f"{hold.username} is held back from {since} on: {hold.reason} ({hold.detail}).")
        return "\n".join(lines)


class CloseStatusService:
    """Reads it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def status(self) -> CloseStatus:
        """How far the close has come."""
        done = select(func.min(col(ClosingShard.done_until)))
        waiting = select(func.count()).select_from(BillRow).where(col(BillRow.state) == BillState.WAITING)
        held = (
            select(CloseHold, col(FeeAccount.username))
            .join(LedgerHead, col(LedgerHead.payer) == col(CloseHold.payer))
            .join(FeeAccount, col(FeeAccount.id) == col(LedgerHead.fee_account_id))
            .order_by(col(CloseHold.payer))
        )
        async with self._database.reading() as work:
            done_until = (await work.session.exec(done)).one()
            count = (await work.session.exec(waiting)).one()
            holds = [
                Hold(username=username, ends_at=hold.ends_at, reason=hold.reason, detail=hold.detail)
                for hold, username in (await work.session.exec(held)).all()
            ]
        ended = last_end(self._clock.now(), (site.zone for site in sites.all_sites()))
        return CloseStatus(ended=ended, done_until=done_until, holds=tuple(holds), waiting=count)
