"""Secrets that must be read again (not only compared) are stored sealed with the portal's key."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealer:
    """Encrypts and keys hashes; each `purpose` has a key of its own, derived from the portal's."""

    def __init__(self, signing_key: str, purpose: str) -> None:
        self._key = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(signing_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(self._key))

    def seal(self, secret: str) -> str:
        """The secret as text that only this portal can open."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret again; raises cryptography's InvalidToken when it was sealed with another key."""
        return self._fernet.decrypt(sealed.encode()).decode()

    def fingerprint(self, value: str) -> str:
        """A keyed hash: useless for guessing short values without the key."""
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()
