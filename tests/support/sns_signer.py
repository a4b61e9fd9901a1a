"""Signs messages as Amazon SNS does, with a key and a certificate made for the test."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from guance_portal.marketplaces.aws.sns import SnsKind, signed_text

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CERTIFICATE_URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
TOPIC = "arn:aws:sns:us-east-1:287250355862:aws-mp-subscription-notification-code1"


class Signer:
    """One key with its certificate, good from ten years before `NOW` until `ends`."""

    def __init__(self, ends: datetime = NOW + timedelta(days=3650)) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        made = made.serial_number(1).not_valid_before(NOW - timedelta(days=3650)).not_valid_after(ends)
        self.pem = made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def message(
        self, text: str, *, kind: SnsKind = SnsKind.NOTIFICATION, version: str = "1", number: str = "m-1", **more: str
    ) -> bytes:
        """The body of a request that SNS would send."""
        fields = {
            "Type": kind.value,
            "MessageId": number,
            "TopicArn": TOPIC,
            "Message": text,
            "Timestamp": "2026-11-23T11:59:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
        }
        if kind is not SnsKind.NOTIFICATION:
            fields |= {
                "Token": "token",
                "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=token",
            }
        return self.signed(fields | more)

    def signed(self, fields: Mapping[str, str]) -> bytes:
        """The fields with their signature."""
        algorithm = SHA1() if fields["SignatureVersion"] == "1" else SHA256()  # noqa: S303 - what SNS itself uses
        signature = self._key.sign(_signed_text(dict(fields)).encode(), padding.PKCS1v15(), algorithm)
        return json.dumps({**fields, "Signature": base64.b64encode(signature).decode()}).encode()


def _signed_text(fields: dict[str, str]) -> str:
    """Written down from Amazon's guide once more, so that ours is not held to itself."""
    if fields["Type"] == "Notification":
        names = ["Message", "MessageId", *(["Subject"] if "Subject" in fields else []), "Timestamp", "TopicArn", "Type"]
    else:
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    said = "".join(f"{name}\n{fields[name]}\n" for name in names)
    assert said == signed_text(fields)
    return said
