"""What the marketplaces of cloud providers must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from guance_portal.sites import Currency, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of their subscription: the provider's ids of the account and of what it bought."""

    account: str
    instance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription as the marketplace knows it. `is_live`: neither expired nor released."""

    account: str
    instance: str
    currency: Currency
    is_live: bool


class Marketplace(Protocol):
    """One provider's marketplace."""

    @property
    def provider(self) -> Provider:
        """Whose it is."""
        ...

    @property
    def is_configured(self) -> bool:
        """Whether every setting it needs is there."""
        ...

    async def find(self, claim: Claim) -> Subscription | None:
        """The subscription of exactly these ids; None when the marketplace knows none."""
        ...
