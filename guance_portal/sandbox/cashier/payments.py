"""A payment as a simulator tells of it, true or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPayment:
    """What a notice is to say: `paid_at` is business time, as that of the order."""

    order: str
    trade: str
    minor: int
    paid_at: datetime
    app: str
    seller: str
    currency: str = "CNY"
    is_paid: bool = True
    more: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNotice:
    """A notice as it goes over HTTP."""

    headers: dict[str, str]
    body: bytes

    @property
    def forged(self) -> SentNotice:
        """The same with another amount and the old signature, as somebody without the key would send it."""
        return SentNotice(headers=self.headers, body=_more(self.body))


@dataclass(frozen=True, slots=True)
class PortalAnswer:
    """What the portal answered to a notice; `status` is 0 where it did not arrive."""

    status: int = 0
    text: str = ""


def _more(body: bytes) -> bytes:
    """A body that still reads well and says something else: in its first run of digits, one is another."""
    for place, byte in enumerate(body):
        if chr(byte).isdigit():
            return body[:place] + (b"8" if byte != ord("8") else b"7") + body[place + 1 :]
    return body + b" "
