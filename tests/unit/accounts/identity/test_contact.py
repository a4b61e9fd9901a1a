"""The form of e-mail addresses and mobile numbers."""

from __future__ import annotations

import pytest

from guance_portal.accounts.identity.contact import calling_code, clean_email, clean_phone
from guance_portal.core.errors import PortalError


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("lin@yunfan.example", "lin@yunfan.example"),
        ("  lin@yunfan.example ", "lin@yunfan.example"),
        ("Lin.Zhixia+gc@Yunfan.EXAMPLE", "Lin.Zhixia+gc@yunfan.example"),
        ("ｌｉｎ＠ｙｕｎｆａｎ．ｅｘａｍｐｌｅ", "lin@yunfan.example"),
        ("lin@例子.公司", "lin@xn--fsqu00a.xn--55qx5d"),
    ],
)
def test_an_email_is_stored_as_mail_is_sent_to_it(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "email_missing"),
        ("lin", "email_invalid"),
        ("lin@", "email_invalid"),
        ("lin@localhost", "email_invalid"),
        ("lin@yunfan..example", "email_invalid"),
        ("Lin <lin@yunfan.example>", "email_invalid"),
        ("lin@yunfan.example, eve@evil.example", "email_invalid"),
        ("lin@yunfan.example\nBcc: eve@evil.example", "email_invalid"),
        ("lin@[127.0.0.1]", "email_invalid"),
        ("a" * 65 + "@yunfan.example", "email_invalid"),
        ("lin@" + "a" * 300 + ".example", "email_invalid"),
        ("林@yunfan.example", "email_not_ascii"),
    ],
)
def test_what_is_no_email_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(PortalError) as refusal:
        clean_email(typed)
    assert (refusal.value.code, refusal.value.field) == (f"errors.{code}", "email")


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("19912345678", "CN", "+8619912345678"),
        ("16612345678", "CN", "+8616612345678"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("１３８００１３８０００", "CN", "+8613800138000"),
        ("+86 138-0013-8000", "US", "+8613800138000"),
        ("+852 6123 4567", "CN", "+85261234567"),
        ("6123 4567", "HK", "+85261234567"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("8123 4567", "SG", "+6581234567"),
    ],
)
def test_a_mobile_number_is_stored_as_e164(typed: str, country: str, stored: str) -> None:
    assert clean_phone(typed, country, is_required=True) == stored


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("", "phone_missing", {}),
        ("1380013800", "phone_length", {"count": 10}),
        ("138001380001", "phone_length", {"count": 12}),
        ("12345678901", "phone_invalid", {}),
        ("+861380013800", "phone_invalid", {}),
        ("010-62345678", "phone_not_mobile", {}),
        ("400 123 4567", "phone_not_mobile", {}),
        ("13800138000 ext 5", "phone_invalid", {}),
        ("1-800-FLOWERS", "phone_invalid", {}),
        ("13800138000abc", "phone_invalid", {}),
        ("-----", "phone_invalid", {}),
        ("+999 1234567", "phone_invalid", {}),
        ("1" * 400, "phone_invalid", {}),
    ],
)
def test_each_wrong_number_has_its_own_error(typed: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(PortalError) as refusal:
        clean_phone(typed, "CN", is_required=True)
    assert (refusal.value.code, refusal.value.params) == (f"errors.{code}", params)


def test_a_number_that_is_not_needed_may_be_left_out() -> None:
    assert clean_phone("  ", "US", is_required=False) == ""


def test_a_number_that_is_not_needed_is_still_checked() -> None:
    with pytest.raises(PortalError):
        clean_phone("12", "US", is_required=False)


@pytest.mark.parametrize(
    ("country", "code"), [("CN", "+86"), ("HK", "+852"), ("US", "+1"), ("DE", "+49"), ("SG", "+65")]
)
def test_a_country_has_its_calling_code(country: str, code: str) -> None:
    assert calling_code(country) == code
