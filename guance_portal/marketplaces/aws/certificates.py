"""The certificates that SNS signs with: fetched once each, and not as often as a stranger's messages would have it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from guance_portal.core.limit_keys import of_network
from guance_portal.core.rate_limits import RateLimits

KEPT_FOR = 24 * 3600.0
"""Seconds after which a certificate is fetched again."""
MOST_KEPT = 16


class Certificates:
    """Keeps the latest of them. Which message is signed is only known with its certificate, so anybody can ask for one.

    `fetch` gets what stands at an address; only addresses of SNS itself may be handed in.
    """

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]], limits: RateLimits) -> None:
        self._fetch, self._limits = fetch, limits
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, url: str, *, asker: str) -> bytes:
        """The certificate of an address, for a message from the client address `asker`.

        Raises TooManyAttemptsError before a fetch that would be one too many for the asker, and whatever `fetch` does.
        """
        turn = self._turns.setdefault(url, asyncio.Lock())
        # Many messages come at once after a start: the first of them fetches for all.
        async with turn:
            kept = self._kept.get(url)
            if kept is not None and time.monotonic() - kept[0] < KEPT_FOR:
                return kept[1]
            await self._limits.hit("sns_certificate_per_address", of_network(asker))
            pem = await self._fetch(url)
            self._kept.pop(url, None)
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[url] = (time.monotonic(), pem)
        return pem
