"""What a way to pay online must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.payments.rules import ToldPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """An order as a provider is told of it. `subject` holds no braces."""

    number: str
    minor: int
    currency: Currency
    subject: str
    expires_at: datetime


class PaymentProvider(Protocol):
    """One way to pay online: where people are sent, what its notices say, and what it answers when asked."""

    @property
    def way(self) -> Kind:
        """The account where its money enters."""
        ...

    async def begin(self, order: Payable) -> str:
        """Where the order is paid: an address, or what a QR code holds. Any exception leaves unknown what was done."""
        ...

    async def ask(self, number: str) -> ToldPayment | None:
        """What became of an order; None when the provider knows no payment. Raises UnansweredError."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ToldPayment:
        """What a notice says, by its signature, its age, the app and the seller; raises UnprovenError."""
        ...


class Ways(Protocol):
    """The ways to pay online that are offered here."""

    async def offered(self) -> tuple[Kind, ...]:
        """Those that are set up."""
        ...

    async def of(self, way: Kind) -> PaymentProvider | None:
        """The provider of a way; None when it is not set up."""
        ...
