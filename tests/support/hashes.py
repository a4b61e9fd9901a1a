"""Hashes of passwords that cost nothing; the real parameters are proven where they are set."""

from __future__ import annotations

from argon2 import PasswordHasher

from guance_portal.core.passwords import Passwords

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def quick_hashes() -> Passwords:
    """For services of a test: real Argon2id, in no time."""
    return Passwords(2, _QUICK)
