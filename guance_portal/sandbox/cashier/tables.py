"""What the simulators of Alipay and WeChat Pay know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.rows import Row, choice
from guance_portal.ledger.chart import Kind


class SandboxOrder(Row, table=True):
    """An order that the portal announced to a simulator."""

    __tablename__ = "sandbox_orders"

    way: Kind = Field(primary_key=True, sa_type=choice(Kind))
    number: str = Field(primary_key=True)
    minor: int = Field(sa_type=BigInteger)
    currency: str


class SandboxPayment(Row, table=True):
    """Somebody paid there; nothing real."""

    __tablename__ = "sandbox_payments"

    way: Kind = Field(primary_key=True, sa_type=choice(Kind))
    trade: str = Field(primary_key=True)
    number: str = Field(index=True)
    minor: int = Field(sa_type=BigInteger)
    currency: str
    paid_at: datetime = Field(sa_type=Moment)
