"""What a usage event must say, and what it counts. Pure.

CloudEvents 1.0: `source` and `id` together name an event; here also the workspace, whose senders choose both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, cast

from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.v1.event import CloudEvent

from guance_portal.metering.items import Item

TYPE = "com.guance.usage."
"""What the type of an event begins with; the name of an item follows."""
MOST_EVENTS = 1_000
"""Events of one request or transaction."""
MOST_AHEAD, MOST_BEHIND = timedelta(minutes=5), timedelta(days=35)
MOST_QUANTITY = 10**12
"""In the measure of the item."""
LONGEST_NAME = 300
"""Characters of `id` and of `source`."""
_REQUIRED = ("specversion", "id", "source", "type", "time")
_ITEMS = {f"{TYPE}{item.value}": item for item in Item}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_QUANTITY = re.compile(r"[0-9]{1,13}(\.[0-9]{1,9})?")


class Reason(StrEnum):
    """Why an event is refused."""

    INVALID = "invalidEvent"
    UNKNOWN_ITEM = "unknownItem"
    NOT_OFFERED = "notOffered"
    INVALID_QUANTITY = "invalidQuantity"
    OTHER_WORKSPACE = "otherWorkspace"
    TOO_OLD = "tooOld"
    IN_THE_FUTURE = "inTheFuture"
    LOCKED = "workspaceLocked"
    OVER_QUOTA = "beyondDataUsage"
    OTHER_CONTENT = "otherContent"


class RefusedEventError(ValueError):
    """One event cannot be taken; the message says why, in English, as the whole API does."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageEvent:
    """So much of an item at a moment. `quantity` is in the smallest part that the item counts (`Traits.decimals`).

    `name` tells it from every other event of its workspace; an event of the same name whose `content` is another one says
    something else. Both are SHA-256.
    """

    source: str
    id: str
    item: Item
    quantity: int
    time: datetime
    name: bytes
    content: bytes


def read(envelope: object, workspace_id: str) -> UsageEvent:
    """The event of one envelope, as JSON has it; raises RefusedEventError.

    The SDK would invent a missing id or time, and then the same event would never be known again: both are asked for.
    """
    if not isinstance(envelope, dict):
        raise RefusedEventError(Reason.INVALID, "an event is a JSON object")
    said = cast("Mapping[str, Any]", envelope)
    for name in _REQUIRED:
        if not isinstance(said.get(name), str) or not said[name]:
            raise RefusedEventError(Reason.INVALID, f"{name} is required and is a text")
    time = _time(said)
    if said.get("subject") not in (None, workspace_id):
        raise RefusedEventError(Reason.OTHER_WORKSPACE, "subject is another workspace than that of the key")
    for name in ("id", "source"):
        if len(said[name]) > LONGEST_NAME or not said[name].isprintable():
            raise RefusedEventError(Reason.INVALID, f"{name} has at most {LONGEST_NAME} printable characters")
    item = _item(said["type"])
    quantity, moment = _quantity(said.get("data"), item), time.astimezone(UTC)
    return UsageEvent(
        source=said["source"],
        id=said["id"],
        item=item,
        quantity=quantity,
        time=moment,
        # A NUL stands in none of the parts.
        name=sha256(f"{said['source']}\0{said['id']}".encode()).digest(),
        content=sha256(f"{item.value}\0{quantity}\0{moment.isoformat()}".encode()).digest(),
    )


def require_timely(event: UsageEvent, now: datetime) -> None:
    """Refuse what is further ahead or behind than clocks and outages explain; raises RefusedEventError."""
    if event.time > now + MOST_AHEAD:
        raise RefusedEventError(Reason.IN_THE_FUTURE, "time is more than 5 minutes ahead")
    if event.time < now - MOST_BEHIND:
        raise RefusedEventError(Reason.TOO_OLD, "time is more than 35 days behind")


def _time(said: Mapping[str, Any]) -> datetime:
    """The time of an event that is valid in all that the standard says.

    The SDK judges the attributes; its own reader of whole messages takes three times as long, for a copy of the data.
    """
    if not _MOMENT.fullmatch(said["time"]):
        raise RefusedEventError(Reason.INVALID, "time is not RFC 3339 with an offset from UTC")
    attributes = {name: value for name, value in said.items() if name not in {"data", "data_base64"}}
    try:
        attributes["time"] = time = datetime.fromisoformat(said["time"].upper())
        CloudEvent(attributes)
    except (BaseCloudEventException, ValueError, TypeError) as problem:
        raise RefusedEventError(Reason.INVALID, f"not a CloudEvent of version 1.0: {_first(problem)}") from None
    return time


def _first(problem: Exception) -> str:
    """One line of what the SDK says."""
    return str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__


def _item(kind: str) -> Item:
    item = _ITEMS.get(kind)
    if item is None:
        raise RefusedEventError(Reason.UNKNOWN_ITEM, f"type is {TYPE} and the name of an item")
    return item


def _quantity(data: object, item: Item) -> int:
    """In the smallest part. A JSON number with decimals is refused: its reader may have rounded it."""
    given = cast("Mapping[str, Any]", data).get("quantity") if isinstance(data, dict) else None
    places = item.traits.decimals
    if isinstance(given, bool) or not isinstance(given, int | str) or not _QUANTITY.fullmatch(str(given)):
        raise RefusedEventError(
            Reason.INVALID_QUANTITY, "data.quantity is a whole number, or a decimal number written as a text"
        )
    exact = Decimal(given).scaleb(places)
    if exact != int(exact):
        raise RefusedEventError(
            Reason.INVALID_QUANTITY, f"data.quantity of {item.value} has at most {places} places after the point"
        )
    if Decimal(given) > MOST_QUANTITY:
        raise RefusedEventError(Reason.INVALID_QUANTITY, f"data.quantity is at most {MOST_QUANTITY}")
    return int(exact)
