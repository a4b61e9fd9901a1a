"""Sealed secrets."""

import pytest
from cryptography.fernet import InvalidToken

from guance_portal.core.sealing import Sealer

KEY = "k" * 40


def test_a_sealed_secret_can_be_opened_and_not_read() -> None:
    sealed = Sealer(KEY, "totp").seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert Sealer(KEY, "totp").open(sealed) == "JBSWY3DPEHPK3PXP"


def test_another_key_or_purpose_opens_nothing() -> None:
    sealed = Sealer(KEY, "totp").seal("secret")
    for other in (Sealer("x" * 40, "totp"), Sealer(KEY, "links")):
        with pytest.raises(InvalidToken):
            other.open(sealed)


def test_fingerprints_depend_on_value_key_and_purpose() -> None:
    prints = {
        Sealer(KEY, "totp").fingerprint("abc"),
        Sealer(KEY, "totp").fingerprint("abd"),
        Sealer("x" * 40, "totp").fingerprint("abc"),
        Sealer(KEY, "links").fingerprint("abc"),
    }
    assert len(prints) == 4
    assert Sealer(KEY, "totp").fingerprint("abc") in prints
