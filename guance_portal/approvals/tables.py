"""Rows of what operators did or asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from guance_portal.approvals.rules import State
from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice


class ApprovalRequest(Row, table=True):
    """An act of an operator: its order, what it moves, and who decided.

    `key` came with the form, `content` identifies what was asked for under it. `payer` is empty for what belongs to no
    payer. `minor` counts for the limit. `posted_number` is the last transaction of the act in the books of `posted_payer`.
    """

    __tablename__ = "approval_requests"
    __table_args__ = (
        UniqueConstraint("asked_by", "key"),
        Index("ix_approval_requests_state", "state", "expires_at"),
        Index("ix_approval_requests_asked", "asked_by", "payer", "asked_at"),
    )

    id: str = Field(primary_key=True)
    kind: str
    order: dict[str, Any] = Field(sa_type=JSON)
    key: str
    content: str
    fee_account_id: str = Field(default="", index=True)
    payer: int | None = Field(default=None, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    minor: int = Field(sa_type=BigInteger)
    currency: str
    dry_run: dict[str, Any] = Field(sa_type=JSON)
    reason: str
    asked_by: str
    asked_at: datetime = Field(sa_type=Moment, index=True)
    expires_at: datetime = Field(sa_type=Moment)
    state: State = Field(sa_type=choice(State))
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision_reason: str = ""
    posted_payer: int | None = Field(default=None, sa_type=BigInteger)
    posted_number: int | None = Field(default=None, sa_type=BigInteger)
