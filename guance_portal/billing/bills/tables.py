"""Rows of bills: what a day cost and by what it was rated, its lines, and how far days are closed.

Keys lead with the payer, as those of the ledger do; money is a bigint of the currency's smallest unit. The plan by which a
bill was paid stands in `wallet_plans` and its transaction in `ledger_transactions`, both under the same reference.
No foreign key leads to accounts and workspaces: they are never deleted, and a key would lock them for each bill.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, Text, text
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice, coded
from guance_portal.payers.rules import SettlementMethod


class BillKind(StrEnum):
    """What a bill is for."""

    DAILY = "daily"
    SUPPLEMENT = "supplement"
    """Late use of earlier days alone: of a dissolved workspace, or of days that another account pays."""


class BillState(StrEnum):
    """Whether a bill has been paid."""

    SETTLED = "settled"
    WAITING = "waiting"
    """待扣款: it is rated, and the books of its payer are stopped."""


class BillRow(Row, table=True):
    """A bill. `inputs` is all that it is rated by, `had` what its payer had before it was paid; neither ever changes.

    `digests` are SHA-256 over canonical JSON: of the use, the price lists and the bill when it is made, of `had` and the
    plan once it is paid. `exact` is the sum before it is rounded. `code` is its name outside, `cloud_record` that of the
    record by which a marketplace collects of it, or empty. `made_at` and `settled_at` are business time.
    """

    __tablename__ = "bills"
    __table_args__ = (
        Index("ix_bills_payer_day", "payer", "day"),
        Index("ix_bills_workspace_day", "workspace_id", "day"),
        Index(
            "ix_bills_waiting",
            "payer",
            "ends",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    reference: str = Field(primary_key=True)
    code: str = Field(unique=True)
    kind: BillKind = Field(sa_type=choice(BillKind))
    state: BillState = Field(sa_type=choice(BillState))
    fee_account_id: str
    workspace_id: str
    site: str
    day: date
    begins: datetime = Field(sa_type=Moment)
    ends: datetime = Field(sa_type=Moment)
    method: SettlementMethod = Field(sa_type=coded(SettlementMethod.of))
    cloud_account_id: str | None = None
    listing: str = ""
    cloud_record: str = Field(default="", index=True)
    currency: Currency = Field(sa_type=choice(Currency))
    exact: str
    minor: int = Field(sa_type=BigInteger)
    inputs: dict[str, Any] = Field(sa_type=JSON)
    had: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    digests: dict[str, str] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)


class BillLineRow(Row, table=True):
    """A line of a bill. Quotients are in hundredths, quantities and the exact amount text, since they have decimals.

    `billed` is what was billed before of a day that became known late, and `added` what came late of its quantity.
    """

    __tablename__ = "bill_lines"

    payer: int = Field(primary_key=True, sa_type=BigInteger)
    reference: str = Field(primary_key=True)
    place: int = Field(primary_key=True, sa_type=Integer)
    item: str
    of_day: date
    days: int | None = None
    version: str
    quantity: str
    billable: str
    unit: int = Field(sa_type=BigInteger)
    quotient: int = Field(sa_type=BigInteger)
    billed: int | None = Field(default=None, sa_type=BigInteger)
    price: str
    amount: str
    minor: int = Field(sa_type=BigInteger)
    added: str = ""
    received_at: datetime | None = Field(default=None, sa_type=Moment)


class UsedPriceList(Row, table=True):
    """A price list as it was when a bill first used it: bills are recomputed from this, not from today's files."""

    __tablename__ = "used_price_lists"

    digest: str = Field(primary_key=True)
    version: str
    content: dict[str, Any] = Field(sa_type=JSON)
    used_at: datetime = Field(sa_type=Moment)


class ClosingShard(Row, table=True):
    """A shard of payers, by their numbers, and the instant up to which their days are closed. A process that closes it locks the row."""

    __tablename__ = "closing_shards"

    shard: int = Field(primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))  # pyright: ignore[reportArgumentType] - an instance is taken as well
    done_until: datetime | None = Field(default=None, sa_type=Moment)


class DayClose(Row, table=True):
    """A unit of the daily close that is done: all days of a shard that end at an instant, in one transaction."""

    __tablename__ = "day_closes"

    shard: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="closing_shards.shard")
    ends_at: datetime = Field(primary_key=True, sa_type=Moment)
    bills: int = Field(sa_type=Integer)
    waiting: int = Field(sa_type=Integer)
    held: int = Field(sa_type=Integer)
    milliseconds: int = Field(sa_type=Integer)
    closed_at: datetime = Field(sa_type=Moment)


class CloseHold(Row, table=True):
    """A payer whose days cannot be closed from `ends_at` on, and why: its price list lacks an item, or there is none.

    No day of it is closed before that is mended; then they are, in their order.
    """

    __tablename__ = "close_holds"

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    ends_at: datetime = Field(sa_type=Moment)
    reason: str
    detail: str = Field(default="", sa_type=Text)
    held_at: datetime = Field(sa_type=Moment)
