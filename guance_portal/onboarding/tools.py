"""What the services of sign-up are made of, and who asks them."""

from __future__ import annotations

from dataclasses import dataclass

from guance_portal.accounts.codes.service import EmailCodes
from guance_portal.accounts.identity.passwords import PasswordService
from guance_portal.accounts.keys.service import KeyService
from guance_portal.core.actor import Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits
from guance_portal.metering.tokens import TokenService
from guance_portal.payers.cloud_registrar import Registrar
from guance_portal.payers.registry import Providers


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpTools:
    """What every step needs; `business_clock` tells since when bills are settled, `public_url` is the portal's address, without a slash at its end."""

    database: Database
    clock: Clock
    hashes: Passwords
    rate_limits: RateLimits
    passwords: PasswordService
    codes: EmailCodes
    tokens: TokenService
    keys: KeyService
    providers: Providers
    registrar: Registrar
    business_clock: Clock
    public_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who signs up: the browser's draft cookie (hashed), the language the page speaks, and the caller."""

    browser: str
    language: Language
    caller: Caller
