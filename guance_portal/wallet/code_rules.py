"""激活码: how one is made, written and recognised. Pure but for the randomness of a new one."""

from __future__ import annotations

import hashlib
import secrets

from guance_portal.core import plain

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that look like others: I, L, O, U, 0, 1."""
_LONG, _GROUP = 16, 4


def new_code() -> str:
    """A code of 16 characters in groups of four: 78 random bits, which nobody guesses."""
    written = "".join(secrets.choice(_LETTERS) for _ in range(_LONG))
    return "-".join(written[at : at + _GROUP] for at in range(0, _LONG, _GROUP))


def hashed(typed: str) -> str:
    """What is stored of a code and found by what is typed, in any case, with or without hyphens and spaces."""
    return hashlib.sha256(plain.code(typed).replace("-", "").upper().encode()).hexdigest()
