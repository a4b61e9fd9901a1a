"""Amounts of money: exact, in the smallest unit of their currency, and as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from enum import StrEnum

EXACT = Context(prec=120, traps=[Inexact, InvalidOperation, DivisionByZero])
"""Decimal arithmetic that raises rather than rounds."""
_CENTS = Decimal("0.01")
_TO_CENTS = Context(prec=120, rounding=ROUND_HALF_UP, traps=[InvalidOperation])
_MINUS = "\u2212"


class Currency(StrEnum):
    """The currencies of bills, by ISO 4217; all have two decimals."""

    CNY = "CNY"
    USD = "USD"

    @property
    def symbol(self) -> str:
        """What stands before an amount."""
        return {Currency.CNY: "¥", Currency.USD: "$"}[self]

    @property
    def nothing(self) -> str:
        """What costs nothing, as people read it: no decimals."""
        return f"{self.symbol}0"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount. `minor` counts the currency's smallest unit (fen, cents)."""

    minor: int
    currency: Currency

    @classmethod
    def rounded(cls, amount: Decimal, currency: Currency) -> Money:
        """An exact decimal amount rounded to the cent; a half cent goes away from zero."""
        return cls(int(_TO_CENTS.scaleb(_TO_CENTS.quantize(amount, _CENTS), 2)), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in the currency's main unit, with two decimals."""
        return EXACT.scaleb(Decimal(self.minor), -2)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __str__(self) -> str:
        return written(self.amount, self.currency)

    def _minor_of(self, other: Money) -> int:
        if other.currency is not self.currency:
            raise ValueError(f"{self.currency} cannot be combined with {other.currency}")
        return other.minor


def told_amount(minor: int, currency: str) -> str:
    """An amount that others tell of as people read it; of a currency that is none of ours, in its smallest unit."""
    return (
        str(Money(minor, Currency(currency))) if currency in set(Currency) else f"{minor} ({currency}, smallest unit)"
    )


def written(amount: Decimal, currency: Currency) -> str:
    """An exact amount as people read it, such as "¥1,234.56" or "−¥0.007": two decimals, more only where they count."""
    sign = _MINUS if amount < 0 else ""
    return f"{sign}{currency.symbol}{digits(abs(amount))}"


def digits(amount: Decimal) -> str:
    """The digits of an amount of at least nothing: thousands apart, two decimals, more only where they count."""
    plain = f"{amount:f}".rstrip("0") if amount % 1 else f"{amount:.0f}"
    whole, _, behind = plain.partition(".")
    return f"{int(whole):,}.{behind:0<2}"
