"""The signed ticket of an SSO handoff from the console to the fee centre: a JWT (RFC 7519), Ed25519 (RFC 9864).

A form posts it, so it stands in no address; it lives a minute and works in the browser it was given to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from guance_portal import routes
from guance_portal.accounts.rules import TICKET_LIFE, Role
from guance_portal.core.actor import Realm
from guance_portal.payers.errors import SsoHandoffExpiredError, SsoHandoffInvalidError

_ALGORITHM, _TYPE = "Ed25519", "handover+jwt"
_DERIVED_FOR = b"jump to the fee centre"
_LONGEST = 4000
SKEW = timedelta(seconds=5)
TARGETS = (routes.FEE_CENTER, routes.FEE_WORKSPACES, routes.RECHARGE)
"""Where an SSO handoff may lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoHandoff:
    """What a ticket says: who (a console user, by which session) goes to the fee centre for which workspace, in which browser."""

    number: str
    session_id: str
    user_id: str
    workspace_id: str
    visitor: str
    target: str = routes.FEE_CENTER


class SsoHandoffTokens:
    """Signs and reads tickets. The key is derived from the portal's, so that all workers have the same."""

    def __init__(self, signing_key: str, public_url: str) -> None:
        seed = HKDF(SHA256(), length=32, salt=None, info=_DERIVED_FOR).derive(signing_key.encode())
        self._key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
        self._header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": self._key.thumbprint()}
        self._issuer, self._audience = public_url, public_url + routes.FEE_CENTER

    def sign(self, handoff: SsoHandoff, now: datetime) -> str:
        """The ticket, good from now on for a minute."""
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "realm": Realm.FEE_CENTER.value,
            "sub": handoff.user_id,
            "sid": handoff.session_id,
            "ws": handoff.workspace_id,
            "role": Role.OWNER.value,
            "vis": handoff.visitor,
            "target": handoff.target,
            "jti": handoff.number,
            "iat": int(now.timestamp()),
            "exp": int((now + TICKET_LIFE).timestamp()),
        }
        return jwt.encode(self._header, claims, self._key, algorithms=[_ALGORITHM])

    def read(self, token: str, visitor: str, now: datetime) -> SsoHandoff:
        """What a ticket says, if it was signed here for the fee centre and this browser and is not too old.

        Raises SsoHandoffInvalidError, SsoHandoffExpiredError.
        """
        claims = self._claims(token)
        expected = {
            "iss": self._issuer,
            "aud": self._audience,
            "realm": Realm.FEE_CENTER.value,
            "role": Role.OWNER.value,
            "vis": visitor,
        }
        is_ours = visitor != "" and all(claims.get(name) == value for name, value in expected.items())
        is_whole = all(isinstance(claims.get(name), str) and claims[name] for name in ("jti", "sub", "sid", "ws"))
        if not is_ours or not is_whole or claims.get("target") not in TARGETS:
            raise SsoHandoffInvalidError
        _require_time(claims.get("iat"), claims.get("exp"), now)
        return SsoHandoff(
            number=claims["jti"],
            session_id=claims["sid"],
            user_id=claims["sub"],
            workspace_id=claims["ws"],
            visitor=visitor,
            target=claims["target"],
        )

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > _LONGEST:
            raise SsoHandoffInvalidError
        try:
            read = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
        except (JoseError, ValueError):
            raise SsoHandoffInvalidError from None
        if read.header.get("typ") != _TYPE or read.header.get("kid") != self._header["kid"]:
            raise SsoHandoffInvalidError
        return dict(read.claims)


def _require_time(issued: object, expires: object, now: datetime) -> None:
    """Hold the times of a ticket to the clock, which may differ between machines by SKEW."""
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise SsoHandoffInvalidError
    at, skew = now.timestamp(), SKEW.total_seconds()
    if issued > at + skew or expires - issued > TICKET_LIFE.total_seconds():
        raise SsoHandoffInvalidError
    if at >= expires + skew:
        raise SsoHandoffExpiredError
