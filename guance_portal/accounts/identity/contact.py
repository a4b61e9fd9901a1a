"""How a person can be reached: the form of e-mail addresses and mobile numbers."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from guance_portal.core import plain
from guance_portal.core.errors import PortalError

_EMAIL, _PHONE = "email", "phone"
_LONGEST_PHONE = 40
_DIALLED = re.compile(r"[0-9 ()./\-+\u2010-\u2015]+")
CHINESE_LENGTH = 11
# American numbers do not tell mobile from fixed.
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class EmailMissingError(PortalError, code="errors.email_missing"):
    """No e-mail was typed."""


class EmailInvalidError(PortalError, code="errors.email_invalid"):
    """Not one mailbox address in the form name@domain."""


class EmailNotAsciiError(PortalError, code="errors.email_not_ascii"):
    """The part before the @ has letters beyond ASCII, which many mail servers refuse."""


class PhoneMissingError(PortalError, code="errors.phone_missing"):
    """No number was typed where one is needed."""


class PhoneLengthError(PortalError, code="errors.phone_length"):
    """A number of mainland China that has not 11 digits. Parameter: count."""


class PhoneNotMobileError(PortalError, code="errors.phone_not_mobile"):
    """A valid number, but of a fixed line or a service."""


class PhoneInvalidError(PortalError, code="errors.phone_invalid"):
    """No number that could be dialled."""


def clean_email(typed: str) -> str:
    """The address as mail is sent to it; syntax only, no look-up.

    A domain beyond ASCII comes back as its IDNA form. Raises EmailMissingError, EmailInvalidError, EmailNotAsciiError.
    """
    address = plain.identifier(typed)
    if not address:
        raise EmailMissingError(field=_EMAIL)
    local, at, _ = address.rpartition("@")
    if at and not local.isascii():
        raise EmailNotAsciiError(field=_EMAIL)
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise EmailInvalidError(field=_EMAIL) from None
    return checked.ascii_email or checked.normalized


def clean_phone(typed: str, country: str, *, is_required: bool) -> str:
    """The mobile number in E.164, empty when none was typed and none is needed.

    `country` (ISO 3166) is where a number without its + belongs. Raises PhoneMissingError,
    PhoneLengthError, PhoneNotMobileError, PhoneInvalidError.
    """
    dialled = plain.identifier(typed)
    if not dialled:
        if is_required:
            raise PhoneMissingError(field=_PHONE)
        return ""
    number = _parsed(dialled, country)
    if number and phonenumbers.is_valid_number(number):
        if phonenumbers.number_type(number) not in _MOBILE:
            raise PhoneNotMobileError(field=_PHONE)
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    count = sum(character.isdigit() for character in dialled)
    if number and country == "CN" and not dialled.startswith("+") and count != CHINESE_LENGTH:
        raise PhoneLengthError(field=_PHONE, count=count)
    raise PhoneInvalidError(field=_PHONE)


def _parsed(dialled: str, country: str) -> phonenumbers.PhoneNumber | None:
    if len(dialled) > _LONGEST_PHONE or not _DIALLED.fullmatch(dialled):
        return None
    try:
        return phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return None


def calling_code(country: str) -> str:
    """The international prefix of a country, such as +86."""
    return f"+{phonenumbers.country_code_for_region(country)}"
