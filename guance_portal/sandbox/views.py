"""A simulated marketplace as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from guance_portal.sandbox.rules import DeliveryState, PurchaseState, Whim
from guance_portal.sandbox.tables import SandboxDelivery, SandboxPurchase


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseView:
    """What somebody has bought; `instance` is empty until the portal has answered."""

    id: str
    state: PurchaseState
    sku: str
    is_trial: bool
    is_other: bool
    account: str
    instance: str
    reference: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, row: SandboxPurchase) -> Self:
        """The purchase of a row."""
        return cls(
            id=row.id,
            state=row.state,
            sku=row.sku,
            is_trial=row.is_trial,
            is_other=row.is_other,
            account=row.account,
            instance=row.instance,
            reference=row.reference,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A notice to the portal; `at` is when it was sent last, or is due."""

    id: str
    listing_id: str
    purchase_id: str
    kind: str
    state: DeliveryState
    attempts: int
    copies: int
    answer: str
    at: datetime

    @classmethod
    def of(cls, row: SandboxDelivery) -> Self:
        """The notice of a row."""
        return cls(
            id=row.id,
            listing_id=row.listing_id,
            purchase_id=row.purchase_id,
            kind=row.kind,
            state=row.state,
            attempts=row.attempts,
            copies=row.copies,
            answer=row.answer,
            at=row.sent_at or row.due_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOverview:
    """Purchases and notices, newest first, and in which ways the marketplace misbehaves."""

    purchases: tuple[PurchaseView, ...]
    deliveries: tuple[DeliveryView, ...]
    whims: frozenset[Whim]
