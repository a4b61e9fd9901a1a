"""One message of AWS about a buyer, without what does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FactKind(StrEnum):
    """What a message says; the first five are those of the legacy SNS topics, `DESCRIBED` is an answer to our question."""

    SUBSCRIBED = "subscribed"
    REFUSED = "refused"
    ENDING = "ending"
    ENDED = "ended"
    ENTITLED = "entitled"
    CREATED = "created"
    CLOSED = "closed"
    AMENDED = "amended"
    LICENSED = "licensed"
    UNLICENSED = "unlicensed"
    LANDED = "landed"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One message. Empty is what it does not say; `key` is the same for its repeats.

    `why` is the intent of a created agreement (NEW, RENEW, REPLACE) or the status of an ended one. `product` is the
    product code, `product_id` the other name of the product, which agreements have. `previous` is the agreement that
    this one carries on, `root` the first agreement of that chain.
    """

    key: str
    kind: FactKind
    at: datetime
    received_at: datetime
    product: str = ""
    product_id: str = ""
    account: str = ""
    identifier: str = ""
    licence: str = ""
    agreement: str = ""
    previous: str = ""
    root: str = ""
    why: str = ""
