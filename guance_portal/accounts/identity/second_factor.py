"""Time-based codes (RFC 6238) and recovery codes: pure, given the time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP

from guance_portal.core import plain

_ISSUER = "观测云运营后台"
_STEP = 30
_RECOVERY_CODES = 10
# Letters and digits that nobody confuses.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What an operator sees once, at the first sign-in: the secret to type or scan, and the codes to put away."""

    secret: str
    uri: str
    recovery_codes: tuple[str, ...]


def enrol(email: str) -> Enrolment:
    """A fresh secret with its otpauth address and recovery codes."""
    secret = random_base32()
    uri = TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
    return Enrolment(secret=secret, uri=uri, recovery_codes=new_recovery_codes())


def new_recovery_codes() -> tuple[str, ...]:
    """A set of codes, each of which opens the account once."""
    return tuple(random_code(2) for _ in range(_RECOVERY_CODES))


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that the code belongs to: the present one or a neighbour (clocks differ); None for a wrong code."""
    if not code.isascii():
        return None
    totp = TOTP(secret)
    present = int(now.timestamp()) // _STEP
    matching = [
        step for step in (present - 1, present, present + 1) if secrets.compare_digest(totp.at(step * _STEP), code)
    ]
    return max(matching, default=None)


def normal_code(typed: str) -> str:
    """A code as it is compared: without spaces, dashes and what nobody sees, in small letters, digits of any width."""
    return plain.code(typed).replace("-", "").lower()


def random_code(groups: int) -> str:
    """Groups of five letters and digits, 24 random bits each."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(groups))
