"""Signature Version 4 as a service checks it; written from its definition, so that botocore checks it independently."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from guance_portal.sandbox.aws.wire import AwsError
from guance_portal.sandbox.shops import Credentials

SERVICE = "aws-marketplace"
SKEW = timedelta(minutes=5)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]+)/([0-9]{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request,"
    r"\s*SignedHeaders=([a-z0-9;-]+),\s*Signature=([0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came: `path` undecoded, header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def check(call: Call, credentials: Credentials, region: str, now: datetime) -> None:
    """Raise an AwsError unless the call is signed with these credentials for this region, about now."""
    found = _AUTHORIZATION.fullmatch(call.headers.get("authorization", ""))
    if found is None:
        raise AwsError("MissingAuthenticationTokenException", "The request must carry a signature of version 4.")
    key_id, day, named_region, service, signed, signature = found.groups()
    if key_id != credentials.key_id:
        raise AwsError("UnrecognizedClientException", "The security token included in the request is invalid.")
    if (named_region, service) != (region, SERVICE):
        raise AwsError("InvalidSignatureException", f"The credential must be scoped to {region}/{SERVICE}.")
    if not {"host", "x-amz-date", "x-amz-target"} <= set(signed.split(";")):
        raise AwsError("InvalidSignatureException", "host, x-amz-date and x-amz-target must be signed.")
    moment = _moment(call.headers.get("x-amz-date", ""))
    if moment is None or f"{moment:%Y%m%d}" != day or abs(now - moment) > SKEW:
        raise AwsError("InvalidSignatureException", "The signature is not of now.")
    right = _signature(call, credentials.secret, f"{day}/{region}/{SERVICE}/aws4_request", signed)
    if not hmac.compare_digest(right, signature):
        raise AwsError("InvalidSignatureException", "The signature does not match the request.")


def _signature(call: Call, secret: str, scope: str, signed: str) -> str:
    lines = [f"{name}:{' '.join(call.headers.get(name, '').split())}\n" for name in signed.split(";")]
    body = hashlib.sha256(call.body).hexdigest()
    canonical = f"POST\n{quote(call.path, safe='/~')}\n\n{''.join(lines)}\n{signed}\n{body}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{call.headers['x-amz-date']}\n{scope}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _moment(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
