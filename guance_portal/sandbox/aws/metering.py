"""What the metering service makes of one usage record: whose it is, whether it is in time, what it would repeat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.shops import AwsShop
from guance_portal.sandbox.tables import SandboxPurchase

DIMENSIONS = ("usage_units", "bill_cents")
"""What the product is metered in."""
AGE = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
MONTH_CLOSES = timedelta(hours=6)
"""After the beginning of a month, in UTC: usage of the month before is taken until then."""
LAST_USAGE = timedelta(hours=1)
"""How long after its end a subscription's usage is still taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """One record that may be counted: its customer, what it is known by, and what it says in comparable form."""

    record: dict[str, Any]
    purchase: SandboxPurchase
    key: str
    said: str


def check_batch(shop: AwsShop, parameters: dict[str, Any], now: datetime) -> Sequence[dict[str, Any]]:
    """The records of a request that may be looked at one by one; raises the AwsError that fails the whole batch."""
    code = parameters.get("ProductCode", "")
    if shop.uses_licences and code:
        raise AwsError("InvalidProductCodeException", "This product is metered by licence, without a product code.")
    if not shop.uses_licences and code != shop.product_code:
        raise AwsError("InvalidProductCodeException", "The product code is not that of the product.")
    records: list[dict[str, Any]] = parameters["UsageRecords"]
    for record in records:
        _check_moment(record, now)
        _check_quantity(record)
        if record["Dimension"] not in DIMENSIONS:
            raise AwsError("InvalidUsageDimensionException", f"The product has no dimension {record['Dimension']}.")
    return records


def metered(shop: AwsShop, purchase: SandboxPurchase, record: dict[str, Any]) -> Metered:
    """The record with what tells its repetition: customer or licence, dimension and hour."""
    hour = datetime.fromtimestamp(record["Timestamp"], UTC).strftime("%Y%m%d%H")
    whose = (purchase.account, purchase.instance) if shop.uses_licences else (shop.product_code, purchase.customer)
    said = json.dumps({"quantity": _quantity(record), "allocations": _allocations(record)}, sort_keys=True)
    return Metered(record=record, purchase=purchase, key="|".join((*whose, record["Dimension"], hour)), said=said)


def _check_moment(record: dict[str, Any], now: datetime) -> None:
    try:
        at = datetime.fromtimestamp(record["Timestamp"], UTC)
    except (OverflowError, ValueError, OSError):
        raise AwsError("TimestampOutOfBoundsException", "The timestamp is no moment.") from None
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    is_closed = at < month and now >= month + MONTH_CLOSES
    if is_closed or not now - AGE <= at <= now + AHEAD:
        raise AwsError("TimestampOutOfBoundsException", "A record is older than 24 hours or lies ahead.")


def _check_quantity(record: dict[str, Any]) -> None:
    if "Quantity" in record and "QuantityAsDecimal" in record:
        raise AwsError("ValidationException", "Quantity and QuantityAsDecimal exclude each other.")
    allocations: list[dict[str, Any]] | None = record.get("UsageAllocations")
    if allocations is None:
        return
    is_decimal = "QuantityAsDecimal" in record
    name = "AllocatedUsageQuantityAsDecimal" if is_decimal else "AllocatedUsageQuantity"
    if any(name not in one for one in allocations):
        raise AwsError("InvalidUsageAllocationsException", "Allocations and quantity must be of one kind.")
    if sum(Decimal(one[name]) for one in allocations) != Decimal(_quantity(record)):
        raise AwsError("InvalidUsageAllocationsException", "The allocations do not sum up to the quantity.")
    for one in allocations:
        keys = [tag["Key"] for tag in one.get("Tags", ())]
        if len(keys) != len(set(keys)):
            raise AwsError("InvalidTagException", "A tag stands twice in one allocation.")


def _quantity(record: dict[str, Any]) -> str:
    """In a form in which 17 and 17.0 are the same."""
    written = str(record.get("QuantityAsDecimal", record.get("Quantity", 0)))
    return format(Decimal(written).normalize(), "f")


def _allocations(record: dict[str, Any]) -> list[Any]:
    return sorted(
        (
            sorted((tag["Key"], tag["Value"]) for tag in one.get("Tags", ())),
            format(
                Decimal(
                    str(one.get("AllocatedUsageQuantityAsDecimal", one.get("AllocatedUsageQuantity", 0)))
                ).normalize(),
                "f",
            ),
        )
        for one in record.get("UsageAllocations", ())
    )
