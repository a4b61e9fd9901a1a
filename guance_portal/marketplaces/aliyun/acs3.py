"""Signature ACS3-HMAC-SHA256 of the Alibaba OpenAPI, as a client makes it. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"
_NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiKey:
    """An access key of an Alibaba account."""

    key_id: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"OpenApiKey({self.key_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiCall:
    """One call without a body: all that is asked stands in the address."""

    host: str
    action: str
    version: str
    query: Mapping[str, str]


def query_text(query: Mapping[str, str]) -> str:
    """The query as it is signed and sent."""
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(query.items()))


def headers(call: OpenApiCall, key: OpenApiKey, now: datetime, nonce: str) -> dict[str, str]:
    """The headers of a call, its signature among them."""
    said = {
        "host": call.host,
        "x-acs-action": call.action,
        "x-acs-content-sha256": _NOTHING,
        "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": call.version,
    }
    names = ";".join(sorted(said))
    lines = "".join(f"{name}:{said[name]}\n" for name in sorted(said))
    canonical = "\n".join(("POST", "/", query_text(call.query), lines, names, _NOTHING))
    text = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key.secret.encode(), text.encode(), "sha256").hex()
    return {
        **said,
        "authorization": f"{ALGORITHM} Credential={key.key_id},SignedHeaders={names},Signature={signature}",
    }


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
