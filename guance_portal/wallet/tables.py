"""Rows of the wallet. What is left on a purse stands in the ledger; here stands what it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice
from guance_portal.ledger.chart import Kind


class ReceiptState(StrEnum):
    """Where money that came in stands."""

    SUSPENDED = "suspended"
    CREDITED = "credited"
    SENT_BACK = "sent_back"
    REVERSED = "reversed"


class RefundState(StrEnum):
    """What became of a refund that was asked for."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class WalletPurse(Row, table=True):
    """A voucher or card of a payer: `face` is what it began with, `reference` the transaction that it came by.

    Valid from `valid_from` to just before `valid_until`, for the workspaces and items that are named, or all.
    """

    __tablename__ = "wallet_purses"
    __table_args__ = (UniqueConstraint("payer", "reference", "kind"),)

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    number: int = Field(primary_key=True, sa_type=BigInteger)
    kind: Kind = Field(sa_type=choice(Kind))
    currency: Currency = Field(sa_type=choice(Currency))
    face: int = Field(sa_type=BigInteger)
    reference: str
    granted_at: datetime = Field(sa_type=Moment)
    valid_from: datetime = Field(sa_type=Moment)
    valid_until: datetime = Field(sa_type=Moment, index=True)
    workspaces: list[str] = Field(default_factory=list, sa_type=JSON)
    items: list[str] = Field(default_factory=list, sa_type=JSON)
    kept_since: datetime | None = Field(default=None, sa_type=Moment)
    kept_until: datetime | None = Field(default=None, sa_type=Moment)


class VoucherCode(Row, table=True):
    """A code that makes a voucher, once; stored hashed. The voucher is valid from the activation to before `valid_until`."""

    __tablename__ = "wallet_codes"

    code_hash: str = Field(primary_key=True)
    batch: str = Field(index=True)
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)
    valid_until: datetime = Field(sa_type=Moment)
    workspaces: list[str] = Field(default_factory=list, sa_type=JSON)
    items: list[str] = Field(default_factory=list, sa_type=JSON)
    used_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    voided_at: datetime | None = Field(default=None, sa_type=Moment)


class CodeBatch(Row, table=True):
    """Codes that were made together. `sealed` holds them until they are shown, once, and is empty then."""

    __tablename__ = "wallet_batches"

    id: str = Field(primary_key=True)
    name: str
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)
    count: int
    valid_until: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment, index=True)
    sealed: str = Field(default="", sa_type=Text)


class Receipt(Row, table=True):
    """Money that came in by a way under a number of its provider, which counts once for all payers.

    `debt` and `cash` are what it became; `returned` is what of the cash was paid back or waits for it.
    """

    __tablename__ = "wallet_receipts"
    __table_args__ = (
        CheckConstraint(
            "minor > 0 AND returned BETWEEN 0 AND cash AND debt >= 0 AND debt + cash <= minor", name="amounts"
        ),
        Index("ix_wallet_receipts_payer", "payer", "credited_at"),
    )

    way: Kind = Field(primary_key=True, sa_type=choice(Kind))
    trade: str = Field(primary_key=True)
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)
    state: ReceiptState = Field(sa_type=choice(ReceiptState))
    at: datetime = Field(sa_type=Moment)
    payer: int | None = Field(default=None, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    credited_at: datetime | None = Field(default=None, sa_type=Moment)
    debt: int = Field(default=0, sa_type=BigInteger)
    cash: int = Field(default=0, sa_type=BigInteger)
    returned: int = Field(default=0, sa_type=BigInteger)


class Refund(Row, table=True):
    """The `number`th refund of a recharge; its amount is on hold while it is asked for."""

    __tablename__ = "wallet_refunds"

    way: Kind = Field(primary_key=True, sa_type=choice(Kind))
    trade: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    payer: int = Field(sa_type=BigInteger, foreign_key="ledger_heads.payer", index=True)
    minor: int = Field(sa_type=BigInteger)
    state: RefundState = Field(sa_type=choice(RefundState))
    asked_at: datetime = Field(sa_type=Moment)


class WalletPlan(Row, table=True):
    """The plan by which a bill was paid, and how much of each of its payments went back since, in `corrections` acts.

    `content` is the SHA-256 of the bill; a bill of nothing has a plan and no transaction.
    """

    __tablename__ = "wallet_plans"

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    reference: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    currency: Currency = Field(sa_type=choice(Currency))
    content: bytes = Field(sa_type=LargeBinary)
    plan: dict[str, Any] = Field(sa_type=JSON)
    returned: list[int] = Field(default_factory=list, sa_type=JSON)
    corrections: int = Field(default=0, sa_type=BigInteger)
