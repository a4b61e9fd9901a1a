"""Rows of the ledger. Keys lead with the payer; money is a bigint of the currency's smallest unit, + debit, - credit.

The triggers that keep all this right stand in migration 0120.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, LargeBinary, UniqueConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice
from guance_portal.ledger.chart import STAYING_CREDIT, STAYING_DEBIT, Kind

_WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""A hidden row id would be a second key, by which a row could be replaced."""


def _listed(kinds: tuple[Kind, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


RIGHT_SIDE = (
    f"(balance <= 0 OR kind NOT IN ({_listed(STAYING_CREDIT)}))"
    f" AND (balance >= 0 OR kind NOT IN ({_listed(STAYING_DEBIT)}))"
)


class LedgerHead(Row, table=True):
    """A payer's books: how many accounts and transactions they hold, the hash of the last one, and whether they are stopped.

    Payer 0 is the house and has no fee-centre account. Each posting locks the row. `stopped_by` names the invariant
    that does not hold; empty while the books are open.
    """

    __tablename__ = "ledger_heads"

    payer: int = Field(primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))  # pyright: ignore[reportArgumentType] - an instance is taken as well
    fee_account_id: str | None = Field(default=None, foreign_key="fee_accounts.id", unique=True)
    accounts: int = Field(default=0, sa_type=BigInteger)
    transactions: int = Field(default=0, sa_type=BigInteger)
    hash: bytes = Field(sa_type=LargeBinary)
    stopped_by: str = ""
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)


class LedgerAccount(Row, table=True):
    """An account with its balance. `key` is the purse or listing where a payer can have several of the kind."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("payer", "kind", "key", "currency"),
        CheckConstraint(RIGHT_SIDE, name="right_side"),
        _WITHOUT_ROWID,
    )

    payer: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    kind: Kind = Field(sa_type=choice(Kind))
    key: str
    currency: Currency = Field(sa_type=choice(Currency))
    balance: int = Field(default=0, sa_type=BigInteger)


class LedgerTransaction(Row, table=True):
    """The header of a transaction of `size` entries; never changed.

    `at` is the business instant, `written_at` the wall time; `content` the SHA-256 of what was asked for, `hash` that of
    the chain. `xact` is the database transaction that wrote it, on PostgreSQL alone and set by the database itself.
    """

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("payer", "reference"),
        CheckConstraint("size >= 2", name="size"),
        Index("ix_ledger_transactions_payer_at", "payer", "at"),
        _WITHOUT_ROWID,
    )

    payer: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    reference: str
    kind: str
    at: datetime = Field(sa_type=Moment)
    written_at: datetime = Field(sa_type=Moment)
    size: int
    content: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    xact: int | None = Field(default=None, sa_type=BigInteger)


class LedgerEntry(Row, table=True):
    """What one transaction moves on one account; never changed. On SQLite written before its header, which checks it."""

    __tablename__ = "ledger_entries"
    __table_args__ = (CheckConstraint("minor <> 0", name="minor"), _WITHOUT_ROWID)

    payer: int = Field(primary_key=True, sa_type=BigInteger)
    number: int = Field(primary_key=True, sa_type=BigInteger)
    account: int = Field(primary_key=True, sa_type=BigInteger)
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)


class LedgerDay(Row, table=True):
    """What all transactions of one day (UTC, by their business instant) move on an account: balances of the past are sums of these."""

    __tablename__ = "ledger_days"
    __table_args__ = (_WITHOUT_ROWID,)

    payer: int = Field(primary_key=True, sa_type=BigInteger)
    account: int = Field(primary_key=True, sa_type=BigInteger)
    day: date = Field(primary_key=True)
    minor: int = Field(sa_type=BigInteger)


class LedgerPass(Row, table=True):
    """A check of all books, or of those of one payer: when, for how long, and what of each rule it found.

    An outcome holds the rule's code and its first breaches as (payer, number or nothing, what).
    """

    __tablename__ = "ledger_passes"

    id: str = Field(primary_key=True)
    payer: int | None = Field(default=None, sa_type=BigInteger, index=True)
    at: datetime = Field(sa_type=Moment, index=True)
    milliseconds: int
    outcomes: list[dict[str, Any]] = Field(sa_type=JSON)
