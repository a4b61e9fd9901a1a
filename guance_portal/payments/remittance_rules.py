"""The code that a company writes into a bank transfer, so that we see whose it is. Pure.

Eight characters: the payer's number in base 36, and a check character by ISO 7064, Mod 37,36. It finds every single
wrong character and nearly every exchange of two neighbours.
"""

from __future__ import annotations

import re

from guance_portal.core.errors import PortalError

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONG = 7
_CODE = re.compile(rf"[0-9A-Z]{{{_LONG + 1}}}", re.ASCII)
MOST_PAYERS = 36**_LONG


class RemittanceCodeError(PortalError, code="errors.remittance_code"):
    """There is no such code: a character of it is wrong."""


def remittance_code(payer: int) -> str:
    """The code of a payer."""
    if not 0 < payer < MOST_PAYERS:
        raise ValueError(f"{payer} is no payer")
    digits, rest = "", payer
    for _ in range(_LONG):
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return digits + _check(digits)


def payer_of(code: str) -> int:
    """The payer that a code names, in any case and with spaces and hyphens; raises RemittanceCodeError."""
    written = re.sub(r"[\s-]", "", code).upper()
    if not _CODE.fullmatch(written) or written[-1] != _check(written[:-1]) or (payer := int(written[:-1], 36)) == 0:
        raise RemittanceCodeError
    return payer


def _check(digits: str) -> str:
    product = 36
    for digit in digits:
        product = (product + _DIGITS.index(digit)) % 36 or 36
        product = product * 2 % 37
    return _DIGITS[(37 - product) % 36]
