"""Identifiers: random, prefixed by what they name, never guessable."""

from __future__ import annotations

import secrets


def new_id(prefix: str) -> str:
    """A new identifier such as `wksp_3f…`: the prefix and 128 random bits in hex."""
    return f"{prefix}_{secrets.token_hex(16)}"
