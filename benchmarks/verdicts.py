"""Verdicts a second: all options of a workspace judged, beside counting the same accounts and providers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from benchmarks.figure import Figure
from guance_portal.payers.rules import Connection, ProviderOffer
from guance_portal.settlement.choices import ENTERPRISE
from guance_portal.settlement.rules import Registered, Situation, verdicts
from guance_portal.sites import Currency, Provider

SECONDS = 1.0
ACCOUNTS = 5
SITUATION = Situation(
    site_provider=Provider.ALIYUN,
    currency=Currency.CNY,
    offers=tuple(ProviderOffer(one, Connection.READY, one.listings) for one in Provider),
    accounts=tuple(Registered(f"clda_{number}", Provider.AWS, Currency.CNY) for number in range(ACCOUNTS)),
    current=ENTERPRISE,
    is_first_free=False,
)


def measure() -> Iterator[Figure]:
    """How often a second a workspace with five registered accounts is judged in full, on one core."""
    yield Figure(
        figure="verdicts",
        value=_per_second(lambda: verdicts(SITUATION)),
        unit="workspaces/s",
        reference=_per_second(_count),
        reference_of="a loop over the same accounts and providers that decides nothing",
        aim=None,
    )


def _count() -> int:
    return sum(1 for one in (ENTERPRISE, *SITUATION.accounts, *SITUATION.offers) if one)


def _per_second(act: Callable[[], object]) -> float:
    number, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < SECONDS:
        act()
        number += 1
    return number / took
