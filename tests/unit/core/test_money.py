"""Money is exact, never changes currency, and reads as people write it."""

from __future__ import annotations

import re
from decimal import Decimal, Inexact
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import guance_portal
from guance_portal.core.money import EXACT, Currency, Money, digits, told_amount, written

CNY, USD = Currency.CNY, Currency.USD
PACKAGE = Path(guance_portal.__file__).parent


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("0", 0), ("1.005", 101), ("1.0049999", 100), ("-1.005", -101), ("0.0649", 6), ("72168", 7_216_800)],
)
def test_an_exact_amount_is_rounded_to_the_cent_half_away_from_zero(amount: str, minor: int) -> None:
    assert Money.rounded(Decimal(amount), CNY) == Money(minor, CNY)


def test_amounts_of_one_currency_add_up() -> None:
    assert Money(150, CNY) + Money(-50, CNY) - Money(1, CNY) == Money(99, CNY)
    assert Money(194_00, CNY) * 372 == Money(72_168_00, CNY)
    assert -Money(5, USD) == Money(-5, USD)
    assert Money(5, USD).amount == Decimal("0.05")


def test_currencies_never_mix() -> None:
    with pytest.raises(ValueError, match="CNY cannot be combined with USD"):
        _ = Money(1, CNY) + Money(1, USD)
    with pytest.raises(ValueError, match="USD cannot be combined with CNY"):
        _ = Money(1, USD) - Money(1, CNY)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(123_456, CNY), "¥1,234.56"),
        (Money(-8_640, CNY), "−¥86.40"),
        (Money(0, USD), "$0.00"),
        (Money(5, USD), "$0.05"),
    ],
)
def test_money_reads_with_its_sign_before_the_symbol(money: Money, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [("3", "¥3.00"), ("0.7", "¥0.70"), ("0.007", "¥0.007"), ("1.43", "¥1.43"), ("30", "¥30.00"), ("-0.5", "−¥0.50")],
)
def test_a_unit_price_keeps_the_decimals_that_count(amount: str, text: str) -> None:
    assert written(Decimal(amount), CNY) == text


def test_digits_never_use_an_exponent() -> None:
    assert digits(Decimal("1E+3")) == "1,000.00"
    assert digits(Decimal("1200.00")) == "1,200.00"


def test_exact_arithmetic_raises_rather_than_rounds() -> None:
    with pytest.raises(Inexact):
        EXACT.divide(Decimal(1), Decimal(3))


@given(st.integers(-(10**15), 10**15))
def test_what_is_written_is_what_is_meant(minor: int) -> None:
    plain = str(Money(minor, CNY)).replace("−", "-").replace("¥", "").replace(",", "")
    assert Money.rounded(Decimal(plain), CNY) == Money(minor, CNY)


def test_an_amount_that_others_tell_reads_alike_and_names_a_foreign_unit() -> None:
    assert told_amount(123_456, "CNY") == "¥1,234.56"
    assert told_amount(500, "JPY") == "500 (JPY, smallest unit)"


def test_no_amount_is_told_in_its_smallest_unit() -> None:
    """Pages, e-mails and the audit tell amounts as people read them; `f"{row.minor} {row.currency}"` does not."""
    smallest = re.compile(r"\{[\w.]*\b(?:minor|face)\}\s*\{[\w.]*currency")
    told = [path for path in PACKAGE.rglob("*.py") if smallest.search(path.read_text("utf-8"))]
    assert not told
