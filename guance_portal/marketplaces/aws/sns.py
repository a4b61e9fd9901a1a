"""Messages of Amazon SNS: read, and held to their signature (version 1 and 2) and to where they say they come from."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

LONGEST_MESSAGE = 300 * 1024
"""Bytes: SNS itself takes 256 KiB, and wraps it."""
LONGEST_ADDRESS = 2048
"""Characters of an address that SNS names in a message."""

_HOST = re.compile(r"sns\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{8,64}\.pem")
_HASHES: dict[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}
_SIGNED_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class SnsMalformedError(Exception):
    """It is no SNS message."""


class SnsForgedError(Exception):
    """It is not signed by SNS, or its certificate is not where SNS keeps them."""


class SnsKind(StrEnum):
    """What SNS sends to a subscribed address."""

    NOTIFICATION = "Notification"
    SUBSCRIBE = "SubscriptionConfirmation"
    UNSUBSCRIBE = "UnsubscribeConfirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsMessage:
    """A message, not yet verified. `fields` is all of it, as it came."""

    kind: SnsKind
    id: str
    topic: str
    text: str
    certificate_url: str
    fields: dict[str, str]

    @property
    def subscribe_url(self) -> str:
        """Where a subscription is confirmed; empty for a notification."""
        return self.fields.get("SubscribeURL", "")


def read(body: bytes) -> SnsMessage:
    """The message of a request's body; raises SnsMalformedError."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise SnsMalformedError from None
    if not isinstance(found, dict):
        raise SnsMalformedError
    fields = {name: value for name, value in cast("dict[str, Any]", found).items() if isinstance(value, str)}
    kind = fields.get("Type", "")
    needed = (*_signed(kind), "Signature", "SignatureVersion", "SigningCertURL")
    if kind not in set(SnsKind) or any(name not in fields for name in needed if name != "Subject"):
        raise SnsMalformedError
    return SnsMessage(
        kind=SnsKind(kind),
        id=fields["MessageId"][:200],
        topic=fields["TopicArn"],
        text=fields["Message"],
        certificate_url=fields["SigningCertURL"],
        fields=fields,
    )


async def verify(
    message: SnsMessage,
    fetch_certificate: Callable[[str], Awaitable[bytes]],
    *,
    now: datetime,
    trusted: tuple[str, ...] = (),
) -> None:
    """Raise SnsForgedError unless SNS signed the message; `fetch_certificate` gets the PEM of an address.

    `trusted` are addresses of certificates beside those of AWS: the sandbox's own. Whatever `fetch_certificate`
    raises goes through: then nothing is known of the message yet.
    """
    if not (message.certificate_url in trusted or is_certificate_url(message.certificate_url)):
        raise SnsForgedError
    algorithm = _HASHES.get(message.fields["SignatureVersion"])
    if algorithm is None:
        raise SnsForgedError
    pem = await fetch_certificate(message.certificate_url)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        signature = base64.b64decode(message.fields["Signature"], validate=True)
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise SnsForgedError
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise SnsForgedError
        key.verify(signature, signed_text(message.fields).encode(), padding.PKCS1v15(), algorithm())
    except (ValueError, binascii.Error, InvalidSignature):
        raise SnsForgedError from None


def is_certificate_url(url: str) -> bool:
    """Whether SNS itself keeps its certificates there.

    Nothing may follow the path: anybody may write such an address into a message, and with a query behind it each
    would be another address of the same certificate, to be fetched again.
    """
    parts = _amazon(url)
    return parts is not None and not parts.query and "?" not in url and _CERTIFICATE.fullmatch(parts.path) is not None


def is_subscribe_url(url: str) -> bool:
    """Whether a subscription may be confirmed there: an address of SNS, and nobody else's."""
    return _amazon(url) is not None


def signed_text(fields: dict[str, str]) -> str:
    """What the signature is over."""
    names = _signed(fields.get("Type", ""))
    return "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)


def _signed(kind: str) -> tuple[str, ...]:
    return _SIGNED_NOTIFICATION if kind == SnsKind.NOTIFICATION else _SIGNED_CONFIRMATION


def _amazon(url: str) -> SplitResult | None:
    """The parts of an https address of SNS, without user, port or fragment.

    None for any other address, and for one that is written in a strange way or longer than SNS writes them.
    """
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or set(url) & set("\\#"):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else None
