"""How much is to be paid, as it was typed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency, Money

_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]+)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,，'_ \u00a0][0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_SIGNS = ("¥", "￥", "$", "＄", "元", "cny", "usd", "rmb")
_MINUS = ("-", "−", "－", "–")
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class AmountLimits:
    """What can be paid at once, in the currency's smallest unit; `highest` is None where nothing is too much."""

    lowest: int
    highest: int | None = None


ONLINE, TRANSFER = AmountLimits(1_00, 50_000_00), AmountLimits(100_00)
"""The same in every currency."""


class AmountMissingError(PortalError, code="errors.amount_missing"):
    """No amount was given."""


class AmountUnreadableError(PortalError, code="errors.amount_unreadable"):
    """It is no number."""


class AmountFullWidthError(PortalError, code="errors.amount_full_width"):
    """The digits are not those of ASCII."""


class AmountGroupedError(PortalError, code="errors.amount_grouped"):
    """Thousands are set apart."""


class AmountSignError(PortalError, code="errors.amount_sign"):
    """A currency stands beside the digits. Parameter: currency, that of the account."""


class AmountDecimalsError(PortalError, code="errors.amount_decimals"):
    """It has more decimals than the currency."""


class AmountNegativeError(PortalError, code="errors.amount_negative"):
    """It is less than nothing."""


class AmountZeroError(PortalError, code="errors.amount_zero"):
    """It is nothing."""


class AmountLowError(PortalError, code="errors.amount_low"):
    """It is below what can be paid. Parameter: least."""


class AmountHighError(PortalError, code="errors.amount_high"):
    """It is above what can be paid online at once. Parameter: most."""


def read_amount(typed: str, currency: Currency, limits: AmountLimits = ONLINE) -> int:
    """The amount of a recharge in the currency's smallest unit; raises an error of its own for every mistake."""
    written = typed.strip()
    if not written:
        raise AmountMissingError(field="amount")
    minor = _minor(written, currency)
    if minor == 0:
        raise AmountZeroError(field="amount")
    if minor < limits.lowest:
        raise AmountLowError(field="amount", least=str(Money(limits.lowest, currency)))
    if limits.highest is not None and minor > limits.highest:
        raise AmountHighError(field="amount", most=str(Money(limits.highest, currency)))
    return minor


def _minor(written: str, currency: Currency) -> int:
    if any(sign in written.lower() for sign in _SIGNS):
        raise AmountSignError(field="amount", currency=currency)
    if written.startswith(_MINUS):
        raise AmountNegativeError(field="amount")
    if any(char.isdigit() and not char.isascii() for char in written):
        raise AmountFullWidthError(field="amount")
    if _GROUPED.fullmatch(written):
        raise AmountGroupedError(field="amount")
    if not _PLAIN.fullmatch(written):
        raise AmountUnreadableError(field="amount")
    if len(written.partition(".")[2]) > _DECIMALS:
        raise AmountDecimalsError(field="amount")
    return int(Decimal(written) * 100)
