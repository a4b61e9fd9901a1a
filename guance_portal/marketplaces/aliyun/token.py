"""The SPI's token: an MD5 over every parameter and the key (help.aliyun.com/document_detail/147280.html)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

TOKEN = "token"


def token_of(parameters: Mapping[str, str], key: str) -> str:
    """The token of decoded parameters, unknown ones included; sorted by name, by code point."""
    said = "&".join(f"{name}={parameters[name]}" for name in sorted(parameters) if name != TOKEN)
    return hashlib.md5(f"{said}&key={key}".encode(), usedforsecurity=False).hexdigest()


def is_signed(parameters: Mapping[str, str], key: str) -> bool:
    """Whether the parameters carry their token; compared in constant time, and never with an empty key."""
    given = parameters.get(TOKEN, "").encode()
    return bool(key) & hmac.compare_digest(token_of(parameters, key).encode(), given)
