"""What the pages of recharges show, ready in exact values; `admin.py` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.bank import BankAccount
from guance_portal.payments.orders import OrderView
from guance_portal.payments.rules import Outcome
from guance_portal.wallet.cash_rules import Split


class WayRefusal(StrEnum):
    """Why a way to pay cannot be chosen."""

    NOT_SET_UP = "not_set_up"
    OTHER_CURRENCY = "other_currency"
    """It takes CNY alone."""


@dataclass(frozen=True, slots=True)
class WayOffer:
    """A way to pay, and why it cannot be chosen, if so."""

    way: Kind
    refusal: WayRefusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeStanding:
    """An account before a recharge; amounts in cents.

    `cash` is None for a session that is limited to a workspace. `pending` are orders that can still be paid, the newest
    first; `last_way` is how the last one was to be paid. `stopped_by` is the rule that stops the account's books, if any.
    """

    fee_account_id: str
    currency: Currency
    debt: int
    cash: int | None
    offers: tuple[WayOffer, ...]
    pending: tuple[OrderView, ...]
    last_way: Kind | None
    stopped_by: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargePreview:
    """What an amount would do: by `parts`, to the cash there is (None as in `RechargeStanding`)."""

    minor: int
    currency: Currency
    parts: Split
    debt: int
    cash: int | None


@dataclass(frozen=True, slots=True)
class Aside:
    """Money that came for an order and waits for a person, and why; `is_done` once somebody has decided."""

    reason: Outcome
    minor: int
    currency: str
    paid_at: datetime
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """An order and what became of it. `left` is for how many seconds it can still be paid.

    `became` is what the money did, and `transaction` its number in the account's books; 0 and None before.
    """

    order: OrderView
    left: int
    became: Split | None
    transaction: int
    asides: tuple[Aside, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """Where a bank transfer goes and what it carries; `account` is None where none is set up for the currency."""

    currency: Currency
    code: str
    account: BankAccount | None
    least: int


class RecordState(StrEnum):
    """Where a line of 充值记录 stands."""

    OPEN = "open"
    PAID = "paid"
    HELD = "held"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of 充值记录: an order, or money that came without one. `order` is empty for the latter."""

    at: datetime
    way: Kind
    order: str
    trade: str
    minor: int
    debt: int
    cash: int
    state: RecordState


@dataclass(frozen=True, slots=True)
class Records:
    """A page of them, the newest first, of `total`."""

    currency: Currency
    zone: ZoneInfo
    rows: tuple[Record, ...]
    total: int
