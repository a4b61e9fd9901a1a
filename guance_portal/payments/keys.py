"""Keys as providers hand them out: Base64 of DER on one line, with or without the lines of PEM around it."""

from __future__ import annotations

import base64
import binascii
import re

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LINES = re.compile(r"-----[A-Z ]+-----|\s|\\n")
_SHORTEST = 2048


def private_pem(written: str) -> str:
    """A private RSA key (PKCS #1 or #8) as PKCS #8 in PEM; raises ValueError."""
    key = serialization.load_der_private_key(_der(written), None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _SHORTEST:
        raise ValueError("no RSA key of 2048 bits or more")
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(written: str) -> str:
    """A public RSA key in PEM; raises ValueError."""
    key = serialization.load_der_public_key(_der(written))
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _SHORTEST:
        raise ValueError("no RSA key of 2048 bits or more")
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _der(written: str) -> bytes:
    try:
        return base64.b64decode(_LINES.sub("", written), validate=True)
    except binascii.Error as problem:
        raise ValueError(str(problem)) from None
