"""The keys of the simulators, and those that a merchant agreed with them: made once, sealed, the same for every worker."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from guance_portal.core.db import Database
from guance_portal.core.sealing import Sealer
from guance_portal.sandbox import queries
from guance_portal.sandbox.tables import SandboxKey

SEALED_FOR = "sandbox cashier"
_NAME = "cashier"


@dataclass(frozen=True, slots=True, kw_only=True)
class CashierKeys:
    """Private keys in PEM of the merchant and of both providers, and what WeChat Pay seals by."""

    shop: str
    alipay: str
    wechat: str
    api_key: str

    @classmethod
    def fresh(cls) -> CashierKeys:
        """Keys that nobody has yet."""
        return cls(shop=_private(), alipay=_private(), wechat=_private(), api_key=secrets.token_hex(16))


class KeyStore:
    """Where every worker finds the same keys."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer
        self._keys: CashierKeys | None = None

    async def keys(self) -> CashierKeys:
        """The keys; made when they are first asked for."""
        if self._keys is None:
            self._keys = await self._stored() or await self._store(await asyncio.to_thread(CashierKeys.fresh))
        return self._keys

    async def _stored(self) -> CashierKeys | None:
        async with self._database.reading() as work:
            row = await work.session.get(SandboxKey, _NAME)
        if row is None:
            return None
        try:
            return CashierKeys(**json.loads(self._sealer.open(row.sealed)))
        except InvalidToken:  # the portal's own key was changed: these are of no use any more
            async with self._database.writing() as work:
                await work.session.delete(row)
                await work.commit()
            return None

    async def _store(self, fresh: CashierKeys) -> CashierKeys:
        """Keep them, unless another process was quicker: then its keys are everybody's."""
        async with self._database.writing() as work:
            row = SandboxKey(name=_NAME, sealed=self._sealer.seal(json.dumps(asdict(fresh))))
            is_ours = await queries.add_if_new(work, row)
            await work.commit()
        return fresh if is_ours else await self._stored() or fresh


def loaded(pem: str) -> rsa.RSAPrivateKey:
    """A private key."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(type(key))
    return key


def public(pem: str) -> str:
    """The public half of a private key, in PEM."""
    half = loaded(pem).public_key()
    return half.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _private() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
