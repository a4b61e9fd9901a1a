"""How a change of settlement touches a workspace whose payer is locked by a debt: it alone is unlocked, or locked again."""

from __future__ import annotations

from guance_portal.core.db import UnitOfWork
from guance_portal.payers.rules import CloudState
from guance_portal.payers.tables import CloudAccount
from guance_portal.settlement.standing import SettlementStanding
from guance_portal.wallet.debt.locks import set_lock
from guance_portal.wallet.debt.rules import is_locked


def follow_lock(work: UnitOfWork, here: SettlementStanding, leaving_for: CloudAccount | None = None) -> None:
    """Lock or unlock a workspace as its settlement now is; `leaving_for` is the account that a waiting change gives it to.

    The standing was read with its payer locked. An order of a change to a live cloud account unlocks at once,
    though the account itself still pays for the day; when that change comes to nothing, the lock is back.
    """
    if here.workspace.dissolved_at is not None:
        return
    locks = is_locked(
        payer_is_locked=here.account.locked_at is not None,
        by_cloud=here.payer.cloud_account_id is not None,
        leaves_for_cloud=leaving_for is not None and leaving_for.state is CloudState.LIVE,
    )
    set_lock(work, here.workspace, here.now if locks else None, here.now, reason="debt" if locks else "settlement")
