"""Limits that several processes share, and what happens when Redis goes away."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager

import pytest
from limits import RateLimitItemPerMinute

from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import KeyKind, LimitKey
from guance_portal.core.rate_limits import Limit, RateLimits
from tests.support.databases import fresh_redis

TWO = {"try": Limit(RateLimitItemPerMinute(2), KeyKind.ACCOUNT)}
A = LimitKey(KeyKind.ACCOUNT, "a")


@pytest.fixture
def redis_url() -> Iterator[str]:
    with fresh_redis() as url:
        yield url


@pytest.fixture
async def pair(redis_url: str) -> AsyncIterator[tuple[RateLimits, RateLimits]]:
    """Two processes' limits on one Redis."""
    both = RateLimits(redis_url, TWO), RateLimits(redis_url, TWO)
    yield both
    for limits in both:
        await limits.close()


@contextmanager
def deaf_port() -> Generator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


async def test_processes_count_together(pair: tuple[RateLimits, RateLimits]) -> None:
    first, second = pair
    await first.hit("try", A)
    await second.hit("try", A)
    for limits in pair:
        with pytest.raises(TooManyAttemptsError) as refusal:
            await limits.hit("try", A)
        assert refusal.value.params == {"minutes": 1}


async def test_processes_forgive_together(pair: tuple[RateLimits, RateLimits]) -> None:
    first, second = pair
    for _ in range(5):
        await first.hit("try", A)
        await second.forgive("try", A)


async def test_racing_attempts_of_two_processes_are_all_counted(pair: tuple[RateLimits, RateLimits]) -> None:
    attempts = (limits.hit("try", A) for limits in pair * 20)
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert results.count(None) == 2


@pytest.mark.parametrize("redis_url", ["redis://127.0.0.1:1/0"])
async def test_without_redis_each_process_counts_for_itself(pair: tuple[RateLimits, RateLimits]) -> None:
    for limits in pair:
        await limits.hit("try", A)
        await limits.hit("try", A)
        with pytest.raises(TooManyAttemptsError):
            await limits.hit("try", A)


async def test_a_redis_that_hangs_is_asked_once_and_then_left_alone() -> None:
    with deaf_port() as port:
        limits = RateLimits(
            f"redis://127.0.0.1:{port}/0", {"try": Limit(RateLimitItemPerMinute(1000), KeyKind.ACCOUNT)}
        )
        started = time.monotonic()
        for _ in range(50):
            await limits.hit("try", A)
        assert time.monotonic() - started < 5
        await limits.close()


async def test_redis_is_asked_again_after_a_while(redis_url: str) -> None:
    limits = RateLimits(redis_url, TWO)
    limits._away_until = time.monotonic() + 0.05
    await limits.hit("try", A)
    await limits.hit("try", A)
    await asyncio.sleep(0.06)
    await limits.hit("try", A)
    await limits.close()
