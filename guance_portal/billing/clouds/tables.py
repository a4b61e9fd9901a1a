"""Rows of what marketplaces collect."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, Text, text
from sqlmodel import Field

from guance_portal.billing.clouds.rules import CloudRecordState, RecordReason
from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice, coded
from guance_portal.sites import Provider

_OPEN, _NAMED = text("booked_at IS NULL"), text("account <> ''")


class CloudRecord(Row, table=True):
    """What a marketplace is to collect of a cloud account for the days that end at one instant: the sum over its workspaces.

    `day` is theirs, at their site. Its amount never changes: bills of these days that are paid later make another `part`. `code` is its name outside.
    `stamped_at` to `stamped_until` is the period that the marketplace is told of, None until one is chosen for a record that
    was made too late for its own; after `deadline_at` the marketplace takes it no more. `account` and `instance` are whom it
    is sent for, kept with the first try. `number` is the marketplace's own of what it accepted, `said` its words, `shown`
    what an operator saw there, in cents. It is open until `booked_at`. All of that is business time; `next_at` (when it is
    tried next; None: not by itself) and the lease are the machine's.
    """

    __tablename__ = "cloud_records"
    __table_args__ = (
        Index("ix_cloud_records_open", "deadline_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_cloud_records_day", "day", "listing"),
        Index(
            "uq_cloud_records_stamp",
            "provider",
            "account",
            "instance",
            "stamped_at",
            unique=True,
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    cloud_account_id: str = Field(primary_key=True)
    ends_at: datetime = Field(primary_key=True, sa_type=Moment)
    part: int = Field(primary_key=True, sa_type=Integer)
    code: str = Field(unique=True)
    day: date
    provider: Provider = Field(sa_type=coded(Provider))
    listing: str
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)
    bills: int = Field(sa_type=Integer)
    begins_at: datetime = Field(sa_type=Moment)
    made_at: datetime = Field(sa_type=Moment)
    stamped_at: datetime | None = Field(default=None, sa_type=Moment)
    stamped_until: datetime | None = Field(default=None, sa_type=Moment)
    deadline_at: datetime = Field(sa_type=Moment)
    state: CloudRecordState = Field(sa_type=choice(CloudRecordState))
    reason: RecordReason | None = Field(default=None, sa_type=coded(RecordReason))
    said: str = Field(default="", sa_type=Text)
    account: str = ""
    instance: str = ""
    number: str = ""
    shown: int | None = Field(default=None, sa_type=BigInteger)
    attempts: int = Field(default=0, sa_type=Integer)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    next_at: datetime | None = Field(default=None, sa_type=Moment)
    leased_until: datetime | None = Field(default=None, sa_type=Moment)
    lease: str = ""
    booked_at: datetime | None = Field(default=None, sa_type=Moment)
