"""Frozen inputs and price lists as JSON, and back; canonical text and digests of it. Pure.

Numbers that can have decimals stand as text, so that no reader rounds them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from guance_portal.accounts.rules import Edition
from guance_portal.billing.bills.rules import BillLine, FrozenDay, Quantity
from guance_portal.billing.rules import Basis, Market, Mode, Price, PriceList, Tier
from guance_portal.core.money import Currency
from guance_portal.metering.items import Item

Json = dict[str, Any]


def canonical(said: object) -> str:
    """JSON with sorted names and without spaces: the same content is the same text on every machine."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(said: object) -> str:
    """The SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def plain(number: Quantity) -> str:
    """A number without exponent and without zeros at the end."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(at: datetime) -> str:
    """An instant in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def list_text(prices: PriceList) -> Json:
    """A price list, its items in their order."""
    return {
        "version": prices.version,
        "currency": prices.currency.value,
        "markets": sorted(market.value for market in prices.markets),
        "first_day": prices.first_day.isoformat(),
        "allowance": prices.allowance,
        "free": sorted(item.value for item in prices.free),
        "items": [
            {
                "item": item.value,
                "measure": price.measure,
                "unit": price.unit,
                "basis": price.basis.value,
                "usual_days": price.usual_days,
                "tiers": [[tier.days, plain(tier.price)] for tier in price.tiers],
            }
            for item, price in prices.prices.items()
        ],
    }


def list_digest(prices: PriceList) -> str:
    """The digest of a price list's text; worked out once for each list that a process has read."""
    if known := _DIGESTS.get(id(prices)):
        return known[1]
    if len(_DIGESTS) > _MOST:
        _DIGESTS.clear()
    # The list is kept with it, so that no other can come to have its id.
    _DIGESTS[id(prices)] = prices, digest(list_text(prices))
    return _DIGESTS[id(prices)][1]


_DIGESTS: dict[int, tuple[PriceList, str]] = {}
_MOST = 100


def read_list(said: Json) -> PriceList:
    """A price list that was kept."""
    return PriceList(
        version=said["version"],
        currency=Currency(said["currency"]),
        markets=frozenset(map(Market, said["markets"])),
        first_day=date.fromisoformat(said["first_day"]),
        allowance=said["allowance"],
        prices={Item(one["item"]): _price(one) for one in said["items"]},
        free=frozenset(map(Item, said["free"])),
    )


def day_text(day: FrozenDay) -> Json:
    """A frozen day; its price list stands by version and digest alone."""
    return {
        "day": day.day.isoformat(),
        "hours": day.hours,
        "edition": day.edition.value,
        "mode": day.mode.value,
        "list": {"version": day.prices.version, "digest": list_digest(day.prices)},
        "tiers": {item.value: days for item, days in day.tiers.items()},
        "usage": _quantities(day.usage),
        "billed": None if day.billed is None else _quantities(day.billed),
        "received": {item.value: moment(at) for item, at in day.received.items()},
    }


def read_day(said: Json, lists: Mapping[str, PriceList]) -> FrozenDay:
    """A frozen day that was kept; `lists` by their digests. Raises KeyError where its list is missing."""
    return FrozenDay(
        day=date.fromisoformat(said["day"]),
        hours=said["hours"],
        edition=Edition(said["edition"]),
        mode=Mode(said["mode"]),
        prices=lists[said["list"]["digest"]],
        tiers={Item(item): days for item, days in said["tiers"].items()},
        usage=_read_quantities(said["usage"]),
        billed=None if said["billed"] is None else _read_quantities(said["billed"]),
        received={Item(item): datetime.fromisoformat(at) for item, at in said["received"].items()},
    )


def line_text(line: BillLine) -> Json:
    """A line of a bill."""
    return {
        "item": line.item.value,
        "of_day": line.of_day.isoformat(),
        "days": line.days,
        "list": line.version,
        "quantity": plain(line.quantity),
        "billable": plain(line.billable),
        "unit": line.unit,
        "quotient": f"{line.quotient:.2f}",
        "billed": None if line.billed is None else f"{line.billed:.2f}",
        "price": plain(line.price),
        "amount": plain(line.amount),
        "minor": line.minor,
        "added": plain(line.added),
    }


def _price(said: Json) -> Price:
    return Price(
        item=Item(said["item"]),
        measure=said["measure"],
        unit=said["unit"],
        basis=Basis(said["basis"]),
        usual_days=said["usual_days"],
        tiers=tuple(Tier(days, Decimal(price)) for days, price in said["tiers"]),
    )


def _quantities(usage: Mapping[Item, Quantity]) -> dict[str, str]:
    return {item.value: plain(quantity) for item, quantity in usage.items()}


def _read_quantities(said: Mapping[str, str]) -> dict[Item, Quantity]:
    return {Item(item): _number(quantity) for item, quantity in said.items()}


def _number(said: str) -> Quantity:
    number = Decimal(said)
    return int(number) if number == number.to_integral_value() else number
