"""Rows of debts."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice
from guance_portal.wallet.debt.rules import Countdown, DebtStep

_OPEN = text("ended_at IS NULL")


class WalletDebt(Row, table=True):
    """A time in which a payer was in debt: `began_by` and `ended_by` are the references of the postings.

    `zone` is that of the payer when it began. `next_step` is due at `next_at`; none is left where it is empty.
    `locked_at` is the instant from which its workspaces were locked. All instants are of business time.
    """

    __tablename__ = "wallet_debts"
    __table_args__ = (Index("uq_wallet_debts_open", "payer", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    payer: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    number: int = Field(primary_key=True, sa_type=BigInteger)
    fee_account_id: str = Field(foreign_key="fee_accounts.id", index=True)
    zone: str
    began_at: datetime = Field(sa_type=Moment)
    began_by: str
    next_step: DebtStep | None = Field(default=None, sa_type=choice(DebtStep), nullable=True)
    next_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    locked_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_by: str = ""

    @property
    def countdown(self) -> Countdown:
        """Its days and steps."""
        return Countdown(began_at=self.began_at, zone=ZoneInfo(self.zone))
