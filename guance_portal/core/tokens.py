"""Random tokens: the person holds the token, the database only its digest."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A token of 256 random bits, safe in cookies, forms and addresses."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """The SHA-256 of a token in hex: what is stored and looked up in its place."""
    return hashlib.sha256(token.encode()).hexdigest()
