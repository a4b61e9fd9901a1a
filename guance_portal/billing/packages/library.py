"""Reads the packages from their file."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path

from guance_portal.billing.rules import Package
from guance_portal.core.money import Currency
from guance_portal.metering.items import Item

_FILE = Path(__file__).with_name("cny-2021-12-02.toml")


def package(code: str) -> Package:
    """The package with this code; raises KeyError for one that never was."""
    return {one.code: one for one in all_packages()}[code]


@cache
def all_packages() -> tuple[Package, ...]:
    """Every package, the smallest first."""
    entry = tomllib.loads(_FILE.read_text("utf-8"))
    factors = {
        Item(item): {int(days): factor for days, factor in row.items()} for item, row in entry["factors"].items()
    }
    return tuple(
        Package(
            code=code,
            currency=Currency(entry["currency"]),
            price=Decimal(row["price"]),
            days=entry["days"],
            capacity={Item(item): amount for item, amount in row["capacity"].items()},
            factors=factors,
        )
        for code, row in entry["packages"].items()
    )
