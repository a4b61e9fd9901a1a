"""Which fee-centre account a workspace belongs to, and by which method its bills are settled."""

from __future__ import annotations

from datetime import datetime

from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.payers import periods, queries
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from guance_portal.sites import Site


class CurrencyMismatchError(PortalError, code="errors.currency_mismatch"):
    """A workspace can be bound only to a fee-centre account of its site's currency."""


class PayerLockedError(PortalError, code="errors.payer_locked"):
    """A debt has locked the account: it takes on no workspace. Parameter: username."""


def require_unlocked(account: FeeAccount, field: str = "") -> None:
    """Go on only with an account that no debt has locked; raises PayerLockedError."""
    if account.locked_at is not None:
        raise PayerLockedError(field=field, username=account.username)


async def bind(
    work: UnitOfWork,
    workspace_id: str,
    site: Site,
    account: FeeAccount,
    *,
    method: SettlementMethod,
    now: datetime,
    cloud_account_id: str | None = None,
) -> None:
    """Let the account pay for a workspace of the site that nobody pays for yet; raises CurrencyMismatchError, PayerLockedError.

    Open pages of the account follow, for one workspace more is theirs to settle. `now` is business time. `cloud_account_id` is a registered one of the account, exactly when the method is a cloud's.
    """
    if account.currency is not site.currency:
        raise CurrencyMismatchError(field="method")
    await work.session.flush()
    require_unlocked(await queries.fresh_account(work, account.id), field="method")
    payer = WorkspacePayer(
        workspace_id=workspace_id,
        fee_account_id=account.id,
        method=method,
        cloud_account_id=cloud_account_id,
        since=now,
    )
    work.session.add(payer)
    await work.session.flush()
    await periods.begin(work, payer, periods.day_of(now, site.zone), now)
    await queries.count_change(work, workspace_id)
