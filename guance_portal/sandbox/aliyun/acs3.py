"""Signature ACS3-HMAC-SHA256 of the Alibaba OpenAPI, as a service checks it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

SKEW = timedelta(minutes=15)
_ALGORITHM = "ACS3-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{_ALGORITHM} Credential=([A-Za-z0-9.]+),\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{{64}})"
)
_NEEDED = frozenset(
    ("host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version")
)


class OpenApiError(Exception):
    """What the OpenAPI answers in the place of a result."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came: query decoded, in any order; header names in lower case."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes = b""


def check(request: Request, key_id: str, secret: str, now: datetime) -> None:
    """Raise an OpenApiError unless the request is signed with this key, about now."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise OpenApiError("IncompleteSignature", "The Authorization header is missing or malformed.")
    named, signed, given = found.groups()
    if named != key_id:
        raise OpenApiError("InvalidAccessKeyId.NotFound", "Specified access key is not found.", status=404)
    if missing := _NEEDED - set(signed.split(";")):
        raise OpenApiError("IncompleteSignature", f"Not signed: {', '.join(sorted(missing))}.")
    if request.headers.get("x-acs-content-sha256") != hashlib.sha256(request.body).hexdigest():
        raise OpenApiError("InvalidContentSha256", "x-acs-content-sha256 is not that of the body.")
    if (moment := _moment(request.headers.get("x-acs-date", ""))) is None or abs(now - moment) > SKEW:
        raise OpenApiError("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
    if not hmac.compare_digest(signature(request, signed.split(";"), secret), given):
        raise OpenApiError("SignatureDoesNotMatch", "The request signature does not conform to Aliyun standards.")


def signature(request: Request, signed: Sequence[str], secret: str) -> str:
    """The signature of a request over these headers."""
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(request.query))
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in sorted(signed))
    body = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join((request.method, request.path, query, headers, ";".join(sorted(signed)), body))
    text = f"{_ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _moment(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
