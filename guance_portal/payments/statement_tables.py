"""Rows of bank statements: the columns of each bank, the files that came, and what became of each of their lines."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice, coded


class LineOutcome(StrEnum):
    """What became of a line of a statement."""

    CREDITED = "credited"
    PROPOSED = "proposed"
    """In suspense: a company has the payer's name."""
    SUSPENDED = "suspended"
    HELD = "held"
    """In suspense: the books of the payer are stopped."""
    REPEATED = "repeated"
    CONTRADICTED = "contradicted"
    OUTGOING = "outgoing"


class BankFormat(Row, table=True):
    """What a bank calls its columns: mapped once, and kept."""

    __tablename__ = "bank_formats"

    bank: str = Field(primary_key=True)
    currency: Currency = Field(sa_type=choice(Currency))
    columns: dict[str, str] = Field(sa_type=JSON)
    mapped_by: str
    mapped_at: datetime = Field(sa_type=Moment)


class BankStatement(Row, table=True):
    """A file as it came, named by its SHA-256. One with lines that cannot be read was not taken: `unread` names them."""

    __tablename__ = "bank_statements"

    digest: str = Field(primary_key=True)
    name: str
    bank: str = Field(foreign_key="bank_formats.bank")
    currency: Currency = Field(sa_type=choice(Currency))
    imported_by: str
    imported_at: datetime = Field(sa_type=Moment, index=True)
    is_taken: bool
    unread: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class BankLine(Row, table=True):
    """A line of a statement that was taken: `payer` is who got it, `proposed` the account of the same company name.

    `trade` is the number that its money goes by in the books: banks number their transfers without asking each other, so
    it holds the bank, but for lines that were taken before it did.
    """

    __tablename__ = "bank_lines"
    __table_args__ = (Index("ix_bank_lines_serial", "serial"),)

    statement: str = Field(primary_key=True, foreign_key="bank_statements.digest")
    number: int = Field(primary_key=True)
    serial: str
    trade: str | None = None
    at: datetime = Field(sa_type=Moment)
    minor: int = Field(sa_type=BigInteger)
    payer_name: str
    memo: str
    outcome: LineOutcome = Field(sa_type=coded(LineOutcome))
    payer: int | None = Field(default=None, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    proposed: str = ""
