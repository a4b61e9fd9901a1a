"""What becomes of money that a provider tells of, and when it is asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guance_portal.ledger.chart import Kind

LIFE = timedelta(minutes=15)
"""So long an order can be paid; a payment counts by the provider's time of it."""
_FIRST_ASKED, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
_SETTLED = timedelta(minutes=2)
"""So long after the expiry of an order a provider knows for good that it was not paid."""


class OrderState(StrEnum):
    """Where a recharge order stands. Money that comes for one that has expired is taken as any other."""

    OPEN = "open"
    PAID = "paid"
    HELD = "held"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """What became of a notice, or of an answer to a question."""

    CREDITED = "credited"
    REPEATED = "repeated"
    NOT_PAID = "not_paid"

    MALFORMED = "malformed"
    FORGED = "forged"
    STALE = "stale"
    OTHER_APP = "other_app"
    OTHER_SELLER = "other_seller"

    UNKNOWN_ORDER = "unknown_order"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    SECOND_PAYMENT = "second_payment"
    LATE = "late"
    REFUNDED = "refunded"
    STOPPED = "stopped"

    CONTRADICTED = "contradicted"


UNPROVEN = frozenset({Outcome.MALFORMED, Outcome.FORGED, Outcome.STALE, Outcome.OTHER_APP, Outcome.OTHER_SELLER})
"""Nothing shows that this is money of ours: it is kept and moves nothing."""
FOR_A_PERSON = frozenset(
    {
        Outcome.UNKNOWN_ORDER,
        Outcome.OTHER_AMOUNT,
        Outcome.OTHER_CURRENCY,
        Outcome.SECOND_PAYMENT,
        Outcome.LATE,
        Outcome.REFUNDED,
        Outcome.STOPPED,
        Outcome.CONTRADICTED,
    }
)
"""Somebody must look at it. The money is in suspense, but for what contradicts the books and cannot be booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPayment:
    """What a provider says of a payment, once its signature, the app and the seller were found to be right.

    `paid_at` is the provider's time of payment, and set when `is_paid`. `is_refunded`: something of it went back since.
    """

    way: Kind
    order: str
    trade: str
    minor: int
    currency: str
    is_paid: bool
    is_refunded: bool = False
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an order waits for; `trade` is the provider's number of the payment that it has, if any."""

    minor: int
    currency: str
    expires_at: datetime
    trade: str = ""


def judge(told: ToldPayment, expected: Expected | None) -> Outcome:
    """What becomes of a payment whose number never came before."""
    if not told.is_paid or told.paid_at is None:
        return Outcome.NOT_PAID
    if expected is None:
        return Outcome.UNKNOWN_ORDER
    if told.currency != expected.currency:
        return Outcome.OTHER_CURRENCY
    if told.minor != expected.minor:
        return Outcome.OTHER_AMOUNT
    if expected.trade:
        return Outcome.SECOND_PAYMENT
    if told.is_refunded:
        return Outcome.REFUNDED
    return Outcome.LATE if told.paid_at >= expected.expires_at else Outcome.CREDITED


def pause(asked: int) -> timedelta:
    """How long to wait before the provider is asked again, after so many times: twice as long each time."""
    return min(_FIRST_ASKED * 2 ** min(asked, 20), _LONGEST_PAUSE)


def is_given_up(expires_at: datetime, now: datetime) -> bool:
    """Whether an order that the provider says is not paid will never be paid in time."""
    return now >= expires_at + _SETTLED
