"""Codes of authenticators, and those for the day one is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from guance_portal.accounts.identity.second_factor import enrol, matching_step, normal_code

# RFC 6238 appendix B, SHA-1, cut to six digits; the secret is "12345678901234567890".
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_follow_the_rfc(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, now) == seconds // 30


def test_a_code_is_good_one_step_early_and_late_and_no_more() -> None:
    now = datetime.fromtimestamp(1234567890, UTC)
    for steps, is_good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = matching_step(SECRET, "005924", now + timedelta(seconds=30 * steps))
        assert (found == 1234567890 // 30) is is_good


@pytest.mark.parametrize("code", ["", "000000", "28708", "2870820", "abcdef", "２８７０８２"])
def test_anything_else_is_no_code(code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_an_enrolment_can_be_scanned_and_has_ten_recovery_codes() -> None:
    made = enrol("op@portal.example")
    uri = urlsplit(made.uri)
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert parse_qs(uri.query)["secret"] == [made.secret]
    assert len(set(made.recovery_codes)) == 10
    assert enrol("op@portal.example").secret != made.secret


def test_codes_are_compared_without_spaces_dashes_case_and_width() -> None:
    assert normal_code(" 123 456 ") == "123456"
    assert normal_code("２８７０８２") == "287082"
    assert normal_code("ABCDE-fghjk") == "abcdefghjk"
