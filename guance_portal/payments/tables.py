"""Rows of recharge orders and of what providers told. What money did stands in the ledger."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from guance_portal.core.db import Moment
from guance_portal.core.money import Currency
from guance_portal.core.rows import Row, choice, coded
from guance_portal.ledger.chart import Kind
from guance_portal.payments.rules import OrderState, Outcome


class PaymentOrder(Row, table=True):
    """A recharge that somebody wants to make, written before its provider is called.

    `key` came with the form, `workspace_id` is what the session that made it was limited to, if anything. `debt` and `cash` are what the payer was told that it will do; `pay_at` is where it is
    paid, empty while that is unknown. `cancelled_at`: its payer no longer wants it; money that was paid in time is taken all the
    same. `trade` is the provider's number of the payment, `ask_at` when it is asked next.
    """

    __tablename__ = "payment_orders"
    __table_args__ = (
        UniqueConstraint("payer", "key"),
        CheckConstraint("minor > 0 AND debt >= 0 AND cash >= 0 AND debt + cash = minor", name="amounts"),
    )

    number: str = Field(primary_key=True)
    payer: int = Field(sa_type=BigInteger, foreign_key="ledger_heads.payer")
    key: str
    workspace_id: str = ""
    way: Kind = Field(sa_type=choice(Kind))
    currency: Currency = Field(sa_type=choice(Currency))
    minor: int = Field(sa_type=BigInteger)
    debt: int = Field(sa_type=BigInteger)
    cash: int = Field(sa_type=BigInteger)
    state: OrderState = Field(default=OrderState.OPEN, sa_type=choice(OrderState))
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    pay_at: str = ""
    trade: str = ""
    paid_at: datetime | None = Field(default=None, sa_type=Moment)
    cancelled_at: datetime | None = Field(default=None, sa_type=Moment)
    asked: int = 0
    ask_at: datetime | None = Field(default=None, sa_type=Moment, index=True)


class PaymentNotice(Row, table=True):
    """A notice as it came, once however often it came: what proves nothing is kept too, and moves nothing."""

    __tablename__ = "payment_notices"

    digest: str = Field(primary_key=True)
    way: Kind = Field(sa_type=choice(Kind))
    received_at: datetime = Field(sa_type=Moment, index=True)
    outcome: Outcome = Field(sa_type=coded(Outcome))
    order_number: str = ""
    trade: str = ""
    address: str = ""
    headers: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    body: str = Field(sa_type=Text)


class PaymentException(Row, table=True):
    """Money that a person must look at, once for each number of a provider and each reason.

    `is_suspended`: it stands in suspense under this number. Otherwise it contradicts the books, and was not booked.
    """

    __tablename__ = "payment_exceptions"

    way: Kind = Field(primary_key=True, sa_type=choice(Kind))
    trade: str = Field(primary_key=True)
    reason: Outcome = Field(primary_key=True, sa_type=coded(Outcome))
    order_number: str
    payer: int | None = Field(default=None, sa_type=BigInteger, foreign_key="ledger_heads.payer")
    minor: int = Field(sa_type=BigInteger)
    currency: str
    paid_at: datetime = Field(sa_type=Moment)
    found_at: datetime = Field(sa_type=Moment, index=True)
    is_suspended: bool
    done_at: datetime | None = Field(default=None, sa_type=Moment)
