"""The outbox: one row per email, written in the transaction of the change it tells about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row


class EmailStatus(StrEnum):
    """Where an email stands: still to be sent (also between attempts), sent, or given up."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


class Email(Row, table=True):
    """An email to one person. A repeated act has the same idempotency key and sends one email.

    `sender` and `message_id` are fixed by the first lease, so that a repeated delivery is recognisable as such.
    """

    __tablename__ = "emails"
    __table_args__ = (Index("ix_emails_due", "status", "next_attempt_at"),)

    id: str = Field(primary_key=True, max_length=64)
    idempotency_key: str = Field(unique=True, max_length=200)
    recipient: str = Field(index=True, max_length=320)
    language: str = Field(max_length=16)
    template: str = Field(max_length=64)
    params: dict[str, str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)
    status: str = Field(default=EmailStatus.QUEUED, max_length=16)
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=Moment)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    lease_owner: str = Field(default="", max_length=64)
    sender: str = Field(default="", max_length=320)
    message_id: str = Field(default="", max_length=320)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    last_error: str = Field(default="", max_length=500)
