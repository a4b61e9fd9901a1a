"""Rows of what was sent: counts, the distinct things behind them, refusals, notices and tokens.

Only `workspace_meters` and the tokens point at `workspaces`: the rows written with each request follow the
meter, which the writer has locked, so that counting never waits for a change of the workspace.
Items and categories are plain text: a new one needs no migration.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from guance_portal.accounts.rules import Edition
from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice

_METER = "workspace_meters.workspace_id"


class Span(StrEnum):
    """Over how long things are told apart."""

    HOUR = "hour"
    DAY = "day"


class Meter(Row, table=True):
    """One workspace's meter, locked first by every write, so that racing requests lose nothing.

    `version` grows with each write that changed something: those who watch compare it.
    `host` is the last host that named itself. `closed_through` is the last billing day that has been closed: what is
    counted for it, or for a day before it, is late.
    """

    __tablename__ = "workspace_meters"

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    version: int = Field(sa_type=BigInteger)
    first_accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    last_accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    host: str = ""
    closed_through: date | None = None


class UsageHour(Row, table=True):
    """What counted for one item in one hour of the site, under the edition of that moment.

    `quantity` adds up over the hours of `day` (of distinct things: those not seen earlier that day).
    `active` counts the distinct hosts of this very hour, for the DataKit item alone.
    """

    __tablename__ = "usage_hours"
    __table_args__ = (Index("ix_usage_hours_day", "workspace_id", "day"),)

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    item: str = Field(primary_key=True)
    starts_at: datetime = Field(primary_key=True, sa_type=Moment)
    edition: Edition = Field(primary_key=True, sa_type=choice(Edition))
    day: date
    quantity: int = Field(default=0, sa_type=BigInteger)
    active: int = Field(default=0, sa_type=BigInteger)


class UsageDay(Row, table=True):
    """What counted for one item in one day of the site: the sum of its hours, written with them.

    `highest` is the most distinct hosts of any one hour, for the DataKit item alone. Three years of a workspace are some
    thousand rows an item, where the hours would be twenty-four times as many.
    """

    __tablename__ = "usage_days"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    day: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    edition: Edition = Field(primary_key=True, sa_type=choice(Edition))
    quantity: int = Field(default=0, sa_type=BigInteger)
    highest: int = Field(default=0, sa_type=BigInteger)


class LateUsage(Row, table=True):
    """What was counted for a closed day, to be billed with `on_day`, which was the first open day then.

    Added to until `on_day` is closed itself, and not changed afterwards. `highest` as in `usage_days`. `bill` is the
    reference of the bill that has it, empty until then.
    """

    __tablename__ = "late_usage"
    __table_args__ = (
        Index(
            "ix_late_usage_unbilled",
            "workspace_id",
            "on_day",
            sqlite_where=text("bill = ''"),
            postgresql_where=text("bill = ''"),
        ),
    )

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    day: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    on_day: date = Field(primary_key=True)
    quantity: int = Field(default=0, sa_type=BigInteger)
    highest: int = Field(default=0, sa_type=BigInteger)
    received_at: datetime = Field(sa_type=Moment)
    bill: str = ""


class UsageSet(Row, table=True):
    """Names the things told apart for one item over one hour or day of the site, under one edition."""

    __tablename__ = "usage_sets"
    __table_args__ = (UniqueConstraint("workspace_id", "item", "edition", "span", "starts_at"),)

    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer, "sqlite"),  # pyright: ignore[reportArgumentType]
    )
    workspace_id: str = Field(foreign_key=_METER)
    item: str
    edition: Edition = Field(sa_type=choice(Edition))
    span: Span = Field(sa_type=choice(Span))
    starts_at: datetime = Field(sa_type=Moment, index=True)


class UsageSeen(Row, table=True):
    """One thing of a set, as 128-bit BLAKE2b; the primary key counts it once.

    `set_id` names a row of `usage_sets`. No foreign key says so: PostgreSQL would look the set up for every row, which
    takes three times as long as the row itself.
    """

    __tablename__ = "usage_seen"
    __table_args__ = ({"sqlite_with_rowid": False},)

    set_id: int = Field(primary_key=True, sa_type=BigInteger)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)


class UsagePart(Row, table=True):
    """Some of the distinct things of a request that was taken, until they are counted: one short transaction a part.

    What has more of them than fits one (decision 17). `digests` are packed as `Things` does; the hour to count them in
    follows from `accepted_at` and the workspace's site.
    """

    __tablename__ = "usage_parts"

    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=BigInteger().with_variant(Integer, "sqlite"),  # pyright: ignore[reportArgumentType]
    )
    workspace_id: str = Field(foreign_key=_METER, index=True)
    item: str
    edition: Edition = Field(sa_type=choice(Edition))
    accepted_at: datetime = Field(sa_type=Moment)
    digests: bytes = Field(sa_type=LargeBinary)


class CategoryDay(Row, table=True):
    """Requests and points of one category in one day of the site, counted for a bill or not."""

    __tablename__ = "category_days"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    day: date = Field(primary_key=True)
    category: str = Field(primary_key=True)
    requests: int = Field(default=0, sa_type=BigInteger)
    points: int = Field(default=0, sa_type=BigInteger)
    refused_requests: int = Field(default=0, sa_type=BigInteger)
    refused_points: int = Field(default=0, sa_type=BigInteger)


class AcceptedPackage(Row, table=True):
    """A request whose sender named it, so that its repetition is not counted again."""

    __tablename__ = "accepted_packages"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    accepted_at: datetime = Field(sa_type=Moment, index=True)


class AcceptedContent(Row, table=True):
    """What a DataKit's request said, so that it is not counted again when it is sent again.

    `retried_at`: the last time it was taken was when it was sent again, and then.
    """

    __tablename__ = "accepted_contents"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    accepted_at: datetime = Field(sa_type=Moment, index=True)
    retried_at: datetime | None = Field(default=None, sa_type=Moment)


class QuotaNotice(Row, table=True):
    """A threshold of a daily quota was reached: at most one row per workspace, day, item and per cent."""

    __tablename__ = "quota_notices"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    day: date = Field(primary_key=True)
    item: str = Field(primary_key=True)
    percent: int = Field(primary_key=True)
    used: int = Field(sa_type=BigInteger)
    quota: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=Moment)


class WorkspaceToken(Row, table=True):
    """What a DataKit proves its workspace with: looked up by digest, shown again to owner and admin.

    `sealed` is the token under the portal's key. `ends_at` is empty for the current one; a replaced one
    is taken until then.
    """

    __tablename__ = "workspace_tokens"
    __table_args__ = (
        Index(
            "uq_workspace_tokens_current",
            "workspace_id",
            unique=True,
            sqlite_where=text("ends_at IS NULL"),
            postgresql_where=text("ends_at IS NULL"),
        ),
    )

    digest: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspaces.id", index=True)
    sealed: str
    created_at: datetime = Field(sa_type=Moment)
    ends_at: datetime | None = Field(default=None, sa_type=Moment)


class ElectionLease(Row, table=True):
    """Which DataKit is elected in one namespace of a workspace, and until when without another heartbeat."""

    __tablename__ = "election_leases"

    workspace_id: str = Field(primary_key=True, foreign_key="workspaces.id")
    namespace: str = Field(primary_key=True)
    holder: str
    ends_at: datetime = Field(sa_type=Moment, index=True)


class GatewayRefusal(Row, table=True):
    """The last time that data of a category was refused for one reason; shown to those who ask why nothing arrives.

    `code` is the gateway's own word for the reason; `detail` says what was wrong, in English as it was answered.
    """

    __tablename__ = "gateway_refusals"

    workspace_id: str = Field(primary_key=True, foreign_key=_METER)
    category: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    detail: str
    refused_at: datetime = Field(sa_type=Moment, index=True)
