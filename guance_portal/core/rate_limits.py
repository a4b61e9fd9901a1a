"""How often things may be tried, counted in fixed windows; with Redis, by all processes together.

When Redis is away each process counts for itself: a guard that is a few times laxer beats both an open
door and a portal that nobody can sign in to. It is asked again after `RETRY_AFTER` seconds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import KeyKind, LimitKey
from guance_portal.core.tokens import digest

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many, and by what they are counted."""

    item: RateLimitItem
    by: KeyKind

    @property
    def amount(self) -> int:
        """How many are let through in a window."""
        return self.item.amount


LIMITS: Mapping[str, Limit] = {
    # The gate counts every event. Many people share an address; one person has one session, or one visitor cookie.
    "events_per_address": Limit(RateLimitItemPerMinute(60_000), KeyKind.NETWORK),
    "events_per_session": Limit(RateLimitItemPerMinute(3_000), KeyKind.BROWSER),
    # After a restart all pages behind one address connect again at once.
    "sockets_per_address": Limit(RateLimitItemPerMinute(6_000), KeyKind.NETWORK),
    # Each takes SQLite's one writer in turn.
    "session_posts_per_address": Limit(RateLimitItemPerMinute(600), KeyKind.NETWORK),
    # Failed sign-ins; a success is given back. Nobody can shut out the owner: the browsers that have
    # signed in before count apart from strangers (OWASP "device cookies").
    "sign_in_per_address": Limit(RateLimitItemPerMinute(60, 10), KeyKind.NETWORK),
    "sign_in_per_browser": Limit(RateLimitItemPerMinute(10, 15), KeyKind.LOGIN_IN_PLACE),
    "sign_in_by_strangers": Limit(RateLimitItemPerHour(100), KeyKind.LOGIN),
    "second_factor": Limit(RateLimitItemPerMinute(10, 15), KeyKind.ACCOUNT),
    "password_confirmation": Limit(RateLimitItemPerMinute(10, 15), KeyKind.ACCOUNT),
    "password_score_per_visitor": Limit(RateLimitItemPerMinute(120), KeyKind.BROWSER),
    "password_score_per_address": Limit(RateLimitItemPerMinute(1200), KeyKind.NETWORK),
    "reset_per_address": Limit(RateLimitItemPerHour(20), KeyKind.NETWORK),
    "reset_per_login": Limit(RateLimitItemPerHour(5), KeyKind.LOGIN),
    "reset_per_login_daily": Limit(RateLimitItemPerDay(10), KeyKind.LOGIN),
    "reset_link_per_address": Limit(RateLimitItemPerHour(60), KeyKind.NETWORK),
    # Sign-up. A company's people share an address; what an e-mail may get is counted in the database.
    "username_check_per_visitor": Limit(RateLimitItemPerMinute(60), KeyKind.BROWSER),
    "username_check_per_address": Limit(RateLimitItemPerMinute(600), KeyKind.NETWORK),
    "code_per_address": Limit(RateLimitItemPerHour(60), KeyKind.NETWORK),
    "sign_up_per_address": Limit(RateLimitItemPerHour(120), KeyKind.NETWORK),
    "invitation_per_user": Limit(RateLimitItemPerDay(100), KeyKind.ACCOUNT),
    "invitation_per_address": Limit(RateLimitItemPerHour(120), KeyKind.NETWORK),
    "sso_handoff_per_user": Limit(RateLimitItemPerHour(60), KeyKind.ACCOUNT),
    "sso_handoff_per_address": Limit(RateLimitItemPerMinute(60), KeyKind.NETWORK),
    # Elections, pulls, checks of the token: some ten a minute of each DataKit.
    "datakit_calls_per_workspace": Limit(RateLimitItemPerMinute(12_000), KeyKind.WORKSPACE),
    # Programs with an API key; a request has up to a thousand events.
    "api_requests_per_workspace": Limit(RateLimitItemPerMinute(1_200), KeyKind.WORKSPACE),
    "workspace_per_user": Limit(RateLimitItemPerDay(30), KeyKind.ACCOUNT),
    # Each asks AWS whose token it is. A marketplace's buyers may sit behind one address.
    "aws_landing_per_address": Limit(RateLimitItemPerMinute(120), KeyKind.NETWORK),
    # Each fetches a certificate of SNS, before anything is known of the sender.
    "sns_certificate_per_address": Limit(RateLimitItemPerMinute(10), KeyKind.NETWORK),
    # Codes of vouchers that cannot be used, for each fee-centre account; one that can is given back.
    "voucher_codes": Limit(RateLimitItemPerHour(5), KeyKind.ACCOUNT),
    # Each reads all that an account ever did.
    "statement_exports": Limit(RateLimitItemPerHour(60), KeyKind.ACCOUNT),
    "workspace_exports": Limit(RateLimitItemPerHour(60), KeyKind.ACCOUNT),
    # Each reads all bills that somebody may see.
    "bill_exports": Limit(RateLimitItemPerHour(120), KeyKind.ACCOUNT),
    # Each works out every hash of an account's chain again.
    "books_checks": Limit(RateLimitItemPerHour(20), KeyKind.ACCOUNT),
    # Each asks a provider of payments what became of an order.
    "payment_asks": Limit(RateLimitItemPerMinute(20), KeyKind.ACCOUNT),
    # Codes that go to other people's fee-centre accounts.
    "binding_code_per_user": Limit(RateLimitItemPerHour(10), KeyKind.ACCOUNT),
    # Pairs of a cloud account and an instance that were wrong, for each fee-centre account; a success is given back.
    "cloud_claims": Limit(RateLimitItemPerHour(5), KeyKind.ACCOUNT),
}
RETRY_AFTER = 5.0
_SWEEP_EVERY = 30.0


class RateLimits:
    """Counts attempts by named limit and key, which must be of the kind that the limit counts; keys are stored hashed."""

    def __init__(self, redis_url: str = "", limits: Mapping[str, Limit] = LIMITS) -> None:
        self._limits = limits
        self._own = FixedWindowRateLimiter(_Memory())
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = FixedWindowRateLimiter(self._redis) if self._redis else None
        self._away_until = 0.0

    async def hit(self, name: str, key: LimitKey) -> None:
        """Count one attempt; raises TooManyAttemptsError (with the minutes to wait) when it is one too many."""
        item = self._item(name, key)
        if not await self._count(item, name, key, 1):
            raise TooManyAttemptsError(minutes=await self._minutes(item, name, key))

    async def forgive(self, name: str, key: LimitKey) -> None:
        """Give one attempt back, because it turned out to be legitimate."""
        await self._count(self._item(name, key), name, key, -1)

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._redis:
            await self._redis.bridge.get_connection().aclose()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    def _item(self, name: str, key: LimitKey) -> RateLimitItem:
        limit = self._limits[name]
        if key.kind is not limit.by:
            raise ValueError(f"{name} counts by {limit.by}, not by {key.kind}")
        return limit.item

    async def _count(self, item: RateLimitItem, name: str, key: LimitKey, cost: int) -> bool:
        identifiers = (name, digest(key.value))
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return await self._shared.hit(item, *identifiers, cost=cost)
            except (RedisError, OSError) as problem:
                self._away_until = time.monotonic() + RETRY_AFTER
                log.warning("rate_limits_without_redis", problem=type(problem).__name__)
        return await self._own.hit(item, *identifiers, cost=cost)

    async def _minutes(self, item: RateLimitItem, name: str, key: LimitKey) -> int:
        limiter = self._own if self._shared is None or time.monotonic() < self._away_until else self._shared
        try:
            reset = (await limiter.get_window_stats(item, name, digest(key.value))).reset_time
        except (RedisError, OSError):
            reset = time.time() + item.get_expiry()
        return max(1, math.ceil((reset - time.time()) / 60))


class _Memory(MemoryStorage):
    """Counters of one process. The library's own walks through all keys at every hit; this one does so rarely."""

    _next_sweep = 0.0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        if now >= self._next_sweep:
            self._next_sweep = now + _SWEEP_EVERY
            for old in [k for k, end in self.expirations.items() if end <= now]:
                await self.clear(old)
        if self.expirations.get(key, 0.0) <= now:
            self.storage[key], self.expirations[key] = 0, now + expiry
        self.storage[key] += amount
        return self.storage[key]


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        f"async+{url}" if url.startswith("redis") else f"async+redis+{url}",
        implementation="redispy",
        key_prefix="portal:limits",
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
    )
