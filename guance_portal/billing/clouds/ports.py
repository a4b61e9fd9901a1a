"""What a marketplace must do for its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guance_portal.billing.clouds.rules import MeteringAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRecord:
    """What is sent: for whom, the period, and how many hundredths of the currency."""

    code: str
    listing: str
    account: str
    instance: str
    begins: datetime
    ends: datetime
    minor: int


class UsageSender(Protocol):
    """Sends records to the marketplaces of a provider."""

    @property
    def is_idempotent(self) -> bool:
        """Whether the same record is counted once however often it is sent: then sending it again asks for it."""
        ...

    async def send(self, record: OutgoingRecord) -> MeteringAnswer:
        """Send a record and judge the answer; what goes wrong is a verdict, never an exception.

        It must never be called in an open transaction.
        """
        ...
