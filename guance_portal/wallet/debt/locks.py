"""Workspaces are locked because of the debt of their payer, and unlocked when it is paid.

A change of a lock holds the row of the fee-centre account, as every change of settlement does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from guance_portal.accounts.tables import Workspace
from guance_portal.core import audit
from guance_portal.core.db import UnitOfWork
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet.debt import queries


async def lock(
    work: UnitOfWork, account: FeeAccount, since: datetime, *, spared: Collection[str], now: datetime
) -> Sequence[Workspace]:
    """Lock an account, and the workspaces that it pays for itself, from an instant on; those that are `spared` stay open."""
    account.locked_at = since
    found = [one for one in await queries.settled_by_account(work, account.id) if one.id not in spared]
    for workspace in found:
        set_lock(work, workspace, since, now, reason="debt")
    await work.session.flush()
    return found


async def unlock(work: UnitOfWork, accounts: Sequence[FeeAccount], now: datetime) -> None:
    """Unlock accounts and all of their workspaces."""
    for account in accounts:
        account.locked_at = None
        work.session.add(account)
    for workspace in await queries.locked_workspaces(work, [account.id for account in accounts]):
        set_lock(work, workspace, None, now, reason="debt_paid")
    await work.session.flush()


def set_lock(work: UnitOfWork, workspace: Workspace, since: datetime | None, now: datetime, *, reason: str) -> None:
    """Lock a workspace from an instant on, or unlock it; audited, and nothing where it is so already."""
    if (workspace.locked_at is None) is (since is None):
        return
    workspace.locked_at = since
    work.session.add(workspace)
    on = ("workspace", workspace.id)
    if since is None:
        audit.record(work, "workspace.unlocked", on, at=now, reason=reason)
    else:
        audit.record(work, "workspace.locked", on, at=now, reason=reason)
