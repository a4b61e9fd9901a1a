"""Named limits, counted in this process."""

from __future__ import annotations

import asyncio

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import KeyKind, LimitKey, of_network
from guance_portal.core.rate_limits import LIMITS, Limit, RateLimits

TWO = {
    "try": Limit(RateLimitItemPerMinute(2), KeyKind.ACCOUNT),
    "quick": Limit(RateLimitItemPerSecond(1), KeyKind.ACCOUNT),
    "other": Limit(RateLimitItemPerMinute(2), KeyKind.ACCOUNT),
    "near": Limit(RateLimitItemPerMinute(2), KeyKind.NETWORK),
}
A, B = LimitKey(KeyKind.ACCOUNT, "a"), LimitKey(KeyKind.ACCOUNT, "b")


async def test_one_too_many_is_refused_with_the_minutes_to_wait() -> None:
    limits = RateLimits(limits=TWO)
    await limits.hit("try", A)
    await limits.hit("try", A)
    with pytest.raises(TooManyAttemptsError) as refusal:
        await limits.hit("try", A)
    assert refusal.value.params == {"minutes": 1}


async def test_keys_and_names_are_counted_apart() -> None:
    limits = RateLimits(limits=TWO)
    for name, key in (("try", A), ("try", B), ("other", A)):
        await limits.hit(name, key)
        await limits.hit(name, key)


async def test_the_addresses_of_one_ipv6_customer_count_as_one() -> None:
    limits = RateLimits(limits=TWO)
    await limits.hit("near", of_network("2001:db8:0:1::1"))
    await limits.hit("near", of_network("2001:db8:0:1:ffff::2"))
    with pytest.raises(TooManyAttemptsError):
        await limits.hit("near", of_network("2001:db8:0:1::3"))
    await limits.hit("near", of_network("2001:db8:0:2::1"))


async def test_an_address_is_the_same_in_either_form() -> None:
    limits = RateLimits(limits=TWO)
    await limits.hit("near", of_network("192.0.2.1"))
    await limits.hit("near", of_network("::ffff:192.0.2.1"))
    with pytest.raises(TooManyAttemptsError):
        await limits.hit("near", of_network("192.0.2.1"))
    await limits.hit("near", of_network("192.0.2.2"))


async def test_what_is_forgiven_does_not_count() -> None:
    limits = RateLimits(limits=TWO)
    for _ in range(10):
        await limits.hit("try", A)
        await limits.forgive("try", A)


async def test_a_window_that_has_passed_is_forgotten() -> None:
    limits = RateLimits(limits=TWO)
    await limits.hit("quick", A)
    with pytest.raises(TooManyAttemptsError):
        await limits.hit("quick", A)
    await asyncio.sleep(1.1)
    await limits.hit("quick", A)


async def test_racing_attempts_are_all_counted() -> None:
    limits = RateLimits(limits=TWO)
    results = await asyncio.gather(*(limits.hit("try", A) for _ in range(50)), return_exceptions=True)
    assert results.count(None) == 2


async def test_an_unknown_limit_is_a_bug() -> None:
    with pytest.raises(KeyError):
        await RateLimits().hit("no_such_limit", A)


async def test_a_key_of_another_kind_than_the_limit_counts_is_a_bug() -> None:
    with pytest.raises(ValueError, match="counts by account"):
        await RateLimits(limits=TWO).hit("try", of_network("192.0.2.1"))


def test_every_limit_allows_something() -> None:
    assert all(limit.amount > 0 for limit in LIMITS.values())
