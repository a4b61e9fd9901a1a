"""What was opened, as it is told to the person who opened it."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import User
from guance_portal.core.db import UnitOfWork
from guance_portal.onboarding import queries
from guance_portal.payers.rules import SettlementMethod
from guance_portal.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningReceipt:
    """A workspace that was opened; `fee_username` and `method` are empty for 体验版."""

    workspace_id: str
    workspace_name: str
    site: Site
    edition: Edition
    email: str
    fee_username: str = ""
    method: SettlementMethod | None = None


async def opened(work: UnitOfWork, user: User, idempotency_key: str) -> OpeningReceipt | None:
    """What an act of this name opened; None when it has not happened."""
    found = await queries.opened(work, user.id, idempotency_key)
    if found is None:
        return None
    workspace, payer = found
    account = await queries.fee_account(work, payer.fee_account_id if payer else None)
    return OpeningReceipt(
        workspace_id=workspace.id,
        workspace_name=workspace.name,
        site=sites.get(workspace.site),
        edition=workspace.edition,
        email=user.email,
        fee_username=account.username if account else "",
        method=payer.method if payer else None,
    )
