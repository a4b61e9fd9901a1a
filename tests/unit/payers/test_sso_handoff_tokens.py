"""An SSO handoff's ticket: what it must say, how long it lives, and everything that makes it worthless."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from guance_portal.payers.errors import SsoHandoffExpiredError, SsoHandoffInvalidError
from guance_portal.payers.sso_handoff_tokens import SsoHandoff, SsoHandoffTokens

NOW = datetime(2026, 7, 17, 4, tzinfo=UTC)
KEY, URL = "k" * 40, "https://portal.example"
HANDOFF = SsoHandoff(number="n-1", session_id="sess_1", user_id="user_1", workspace_id="wksp_1", visitor="browser")
TOKENS = SsoHandoffTokens(KEY, URL)


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def forged(header: dict[str, Any] | None = None, **changed: Any) -> str:
    """A ticket with our own key that says something else."""
    own = TOKENS._header
    claims = {**claims_of(TOKENS.sign(HANDOFF, NOW)), **changed}
    kept = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode({**own, **(header or {})}, kept, TOKENS._key, algorithms=["Ed25519"])


def test_a_ticket_says_who_goes_where_and_is_signed_with_ed25519() -> None:
    token = TOKENS.sign(HANDOFF, NOW)
    assert TOKENS.read(token, "browser", NOW) == HANDOFF
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert (header["alg"], header["typ"]) == ("Ed25519", "handover+jwt")
    claims = claims_of(token)
    assert (claims["iss"], claims["aud"], claims["realm"]) == (URL, f"{URL}/fee-center", "fee_center")
    assert claims["exp"] - claims["iat"] == 60


def test_workers_with_the_same_secret_read_each_others_tickets() -> None:
    assert SsoHandoffTokens(KEY, URL).read(TOKENS.sign(HANDOFF, NOW), "browser", NOW) == HANDOFF


@pytest.mark.parametrize("seconds", [-5, 0, 59, 64])
def test_it_is_good_for_a_minute_and_five_seconds_of_skew(seconds: int) -> None:
    assert TOKENS.read(TOKENS.sign(HANDOFF, NOW), "browser", NOW + timedelta(seconds=seconds)) == HANDOFF


@pytest.mark.parametrize(
    ("seconds", "error"), [(65, SsoHandoffExpiredError), (3600, SsoHandoffExpiredError), (-6, SsoHandoffInvalidError)]
)
def test_it_is_worth_nothing_later_or_before(seconds: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        TOKENS.read(TOKENS.sign(HANDOFF, NOW), "browser", NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("visitor", ["another", ""])
def test_it_works_in_the_browser_it_was_given_to(visitor: str) -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(TOKENS.sign(HANDOFF, NOW), visitor, NOW)


def test_a_browser_without_a_cookie_is_no_browser() -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(TOKENS.sign(replace(HANDOFF, visitor=""), NOW), "", NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "https://portal.example/console"},
        {"aud": ["https://portal.example/fee-center", "https://evil.example"]},
        {"realm": "operator"},
        {"role": "admin"},
        {"target": "https://evil.example"},
        {"target": "/operator"},
        {"target": ...},
        {"jti": ""},
        {"jti": ...},
        {"sub": 7},
        {"ws": ""},
        {"sid": ""},
        {"iat": "now"},
        {"exp": ...},
        {"exp": int(NOW.timestamp()) + 61},
        {"iat": int(NOW.timestamp()) - 3600, "exp": int(NOW.timestamp()) + 3600},
    ],
)
def test_one_that_says_anything_else_is_refused_though_our_key_signed_it(changed: dict[str, Any]) -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(forged(**changed), "browser", NOW)


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"kid": "another"}])
def test_a_token_of_another_kind_or_key_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(forged(header), "browser", NOW)


@pytest.mark.parametrize("tokens", [SsoHandoffTokens("x" * 40, URL), SsoHandoffTokens(KEY, "https://other.example")])
def test_a_ticket_of_another_portal_is_refused(tokens: SsoHandoffTokens) -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(tokens.sign(HANDOFF, NOW), "browser", NOW)


def test_a_ticket_signed_by_anything_else_is_refused() -> None:
    claims = claims_of(TOKENS.sign(HANDOFF, NOW))
    strange = OKPKey.generate_key("Ed25519")
    public = json.dumps(TOKENS._key.as_dict(private=False)).encode()
    forgeries = [
        jwt.encode({**TOKENS._header}, claims, strange, algorithms=["Ed25519"]),
        # The public key taken for an HMAC secret (RFC 8725, 2.1).
        jwt.encode({**TOKENS._header, "alg": "HS256"}, claims, OctKey.import_key(public), algorithms=["HS256"]),
    ]
    for token in forgeries:
        with pytest.raises(SsoHandoffInvalidError):
            TOKENS.read(token, "browser", NOW)


def test_no_byte_of_a_ticket_can_be_changed() -> None:
    token = TOKENS.sign(HANDOFF, NOW)
    for place in range(0, len(token), 7):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(SsoHandoffInvalidError):
            TOKENS.read(altered, "browser", NOW)


@pytest.mark.parametrize("garbage", ["", ".", "..", "a.b.c", "e30.e30.", "x" * 5000, "\x00", "中文"])
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(SsoHandoffInvalidError):
        TOKENS.read(garbage, "browser", NOW)
