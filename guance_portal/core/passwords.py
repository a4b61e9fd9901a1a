"""Password hashes: Argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet)."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from guance_portal.core.tokens import new_token

T = TypeVar("T")

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class Passwords:
    """Hashes and checks in threads of its own: never more at once than this process has cores."""

    def __init__(self, at_once: int | None = None, hasher: PasswordHasher = HASHER) -> None:
        self._threads = ThreadPoolExecutor(at_once or os.cpu_count() or 1, thread_name_prefix="password")
        self._hasher = hasher
        # Nobody's password: checking against it makes an unknown login cost what a known one does.
        self._nobody = hasher.hash(new_token())

    async def hash(self, password: str) -> str:
        """The Argon2id hash of a password, with a salt of its own."""
        return await self._run(self._hasher.hash, _normal(password))

    async def verify(self, password: str, known_hash: str | None) -> bool:
        """Whether the password belongs to the hash; without a hash, False after the same work."""
        matches = await self._run(self._matches, known_hash or self._nobody, _normal(password))
        return matches and known_hash is not None

    def is_outdated(self, known_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's, so that it should be made again."""
        return self._hasher.check_needs_rehash(known_hash)

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False)

    def _matches(self, known_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(known_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


def _normal(password: str) -> str:
    # The same password typed on two keyboards may differ in composition (RFC 8265, OpaqueString).
    return unicodedata.normalize("NFC", password)
