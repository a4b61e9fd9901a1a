"""The audit of requests: both people stand in the entry of a decision."""

from __future__ import annotations

from datetime import datetime

from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency, Money


def record(
    work: UnitOfWork,
    act: str,
    row: ApprovalRequest,
    *,
    at: datetime,
    actor: Actor | None = None,
    caller: Caller | None = None,
) -> None:
    """Write down what became of a request: the actor is who decided, `asked_by` who asked; about the account, if any."""
    audit.record(
        work,
        act,
        ("fee_account", row.fee_account_id) if row.fee_account_id else ("approval", row.id),
        at=at,
        actor=actor,
        caller=caller,
        kind=row.kind,
        amount=str(Money(row.minor, Currency(row.currency))) if row.currency else "",
        request=row.id,
        asked_by=row.asked_by,
        asked_because=row.reason,
        reason=row.decision_reason or row.reason,
    )
