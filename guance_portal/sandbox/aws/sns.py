"""Signs messages as SNS does, with a certificate of the simulator's own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from cryptography import x509
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from guance_portal.core.db import Database
from guance_portal.core.sealing import Sealer
from guance_portal.sandbox import queries
from guance_portal.sandbox.tables import SandboxKey

_NAME = "sns"
_HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}  # AWS itself still signs with version 1 unless asked for 2
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class SnsSigner:
    """Holds the key that every worker signs with; made once, kept in the database, sealed."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer
        self._key: rsa.RSAPrivateKey | None = None
        self._certificate = ""

    async def certificate(self) -> str:
        """The certificate in PEM, as it stands behind SigningCertURL."""
        await self._load()
        return self._certificate

    async def sign(self, message: Mapping[str, str], version: str = "2") -> dict[str, str]:
        """The message with its signature."""
        key = await self._load()
        names = _SIGNED[message["Type"]]
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        signature = key.sign(text.encode(), padding.PKCS1v15(), _HASHES[version]())
        return {**message, "SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}

    async def _load(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            pem = await self._stored() or await self._store(_new_pair())
            self._key = cast("rsa.RSAPrivateKey", serialization.load_pem_private_key(pem.encode(), None))
            self._certificate = pem[pem.index("-----BEGIN CERTIFICATE") :]
        return self._key

    async def _stored(self) -> str:
        async with self._database.reading() as work:
            row = await work.session.get(SandboxKey, _NAME)
        if row is None:
            return ""
        try:
            return self._sealer.open(row.sealed)
        except InvalidToken:  # the portal's own key was changed: the pair is of no use any more
            async with self._database.writing() as work:
                await work.session.delete(row)
                await work.commit()
            return ""

    async def _store(self, pem: str) -> str:
        """Keep it, unless another process was quicker: then its pair is everybody's."""
        async with self._database.writing() as work:
            is_ours = await queries.add_if_new(work, SandboxKey(name=_NAME, sealed=self._sealer.seal(pem)))
            await work.commit()
        return pem if is_ours else await self._stored()


def _new_pair() -> str:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.sandbox.invalid")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode() + certificate.public_bytes(serialization.Encoding.PEM).decode()
