"""Rounding and sharing out: vectors A and B of the money vectors, by their numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.billing.rules import quotient
from guance_portal.core.money import EXACT, Currency, Money
from guance_portal.core.rounding_rules import cut, half_up, largest_remainder, shared, shared_up_to, without_tax


def _cents(*amounts: str) -> list[Fraction]:
    return [Fraction(amount) * 100 for amount in amounts]


def test_a1_one_amount_by_each_of_the_three_policies() -> None:
    hours, price = Fraction(25_874, 3600), Decimal("0.0064")
    kept = cut(Decimal(hours.numerator) / Decimal(hours.denominator) * price, 8)
    assert kept == Decimal("0.04599822")
    assert cut(kept, 2) == Decimal("0.04")
    assert kept - cut(kept, 2) == Decimal("0.00599822")
    assert half_up(kept, 2) == Decimal("0.05")
    by_quotient = EXACT.multiply(quotient(Decimal("7.1872222222"), 1), price)
    assert by_quotient == Decimal("0.046016")
    assert Money.rounded(by_quotient, Currency.CNY).minor == 5


def test_a2_a_quotient_cut_at_ten_digits() -> None:
    hours = cut(Decimal(25_874) / 3600, 10)
    assert hours == Decimal("7.1872222222")
    cost = cut(hours * 1000 * Decimal("0.000064"), 8)
    assert cost == Decimal("0.45998222")
    assert Money.rounded(cost, Currency.CNY).minor == 46


def test_a3_cut_and_half_up_of_one_amount() -> None:
    exact = Decimal("100.12501236")
    assert (cut(exact, 2), half_up(exact, 2)) == (Decimal("100.12"), Decimal("100.13"))


@pytest.mark.parametrize(
    ("amount", "times", "whole"), [("-0.005", 100, -1), ("-1.5", 1, -2), ("-232.5", 1, -233), ("-232.49", 1, -232)]
)
def test_a4_a_half_goes_away_from_zero_below_it_too(amount: str, times: int, whole: int) -> None:
    assert half_up(Decimal(amount) * times, 0) == whole


def test_a5_an_amount_of_too_many_digits_is_booked_in_cents() -> None:
    assert Money.rounded(Decimal("17.9699999999999988631316"), Currency.USD).minor == 1797


@pytest.mark.parametrize(
    ("quantity", "unit", "price", "parts", "line"),
    [
        (3, 10, "1", "0.30", "0.30"),
        (4_550, 10_000, "1", "0.46", "0.46"),
        (1_234_567, 1_000_000, "1.2", "1.23", "1.476"),
    ],
)
def test_a6_quotients_and_lines(quantity: int, unit: int, price: str, parts: str, line: str) -> None:
    assert quotient(quantity, unit) == Decimal(parts)
    assert EXACT.multiply(quotient(quantity, unit), Decimal(price)) == Decimal(line)


def test_a7_a_bill_is_rounded_once_and_its_lines_add_up_to_it() -> None:
    assert Money.rounded(Decimal("0.335") * 3, Currency.CNY).minor == 101
    assert largest_remainder(_cents("0.335", "0.335", "0.335"), 101) == [34, 34, 33]


def test_a8_the_largest_fractions_get_the_cents_that_are_left() -> None:
    assert largest_remainder(_cents("0.086", "0.093", "0.1", "1.234"), 151) == [9, 9, 10, 123]


def test_a9_net_and_tax_add_up() -> None:
    assert without_tax(100_00, 6) == (94_34, 5_66)


def test_b1_what_cannot_be_shared_goes_to_the_first() -> None:
    assert shared(5, [1, 1, 1]) == [2, 2, 1]


def test_b2_the_named_order_decides_and_not_that_of_the_rows() -> None:
    handed_over = ["C", "A", "B"]
    named = sorted(handed_over)
    assert dict(zip(named, shared(5, [1 for _ in named]), strict=True)) == {"A": 2, "B": 2, "C": 1}


def test_b3_by_weights() -> None:
    assert shared(100_00, [1, 2, 3]) == [16_67, 33_33, 50_00]


def test_b4_without_decimals() -> None:
    assert shared(5, [1, 1, 1]) == [2, 2, 1]


def test_b5_by_amounts_and_to_none_more_than_it_is() -> None:
    assert shared(100, [100, 200]) == [33, 67]
    assert shared_up_to(750, [300, 1200]) == [150, 600]
    assert shared_up_to(2500, [1000, 1000]) == [1000, 1000]


def test_b6_the_largest_fraction_and_not_the_first_gets_what_is_left() -> None:
    assert shared(15, [80, 8, 12]) == [12, 1, 2]


def test_b7_reductions_one_after_the_other_are_exact_until_the_end() -> None:
    lines = [Fraction(amount) * 100 for amount in (10, 20, 30, 40, 10, 20, 30, 40)]
    taken = [Fraction(0) for _ in lines]
    for amount, places in ((20_00, (0, 1)), (10_00, (4, 5, 6, 7)), (5_00, range(8))):
        left = {place: lines[place] - taken[place] for place in places}
        for place, of in left.items():
            taken[place] += amount * of / sum(left.values())
    assert largest_remainder(taken, 35_00) == [677, 1353, 88, 118, 126, 253, 379, 506]
    assert sum(lines) - 35_00 == 165_00


def test_a_total_that_is_no_rounding_of_the_parts_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no rounding"):
        largest_remainder(_cents("0.01"), 3)
    with pytest.raises(ValueError, match="no rounding"):
        largest_remainder(_cents("0.02"), 1)


def test_nothing_cannot_be_shared_by() -> None:
    with pytest.raises(ValueError, match="nothing to share by"):
        shared(5, [0, 0])


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
def test_lines_of_either_sign_add_up_to_their_bill(thousandths: list[int]) -> None:
    exact = [Fraction(one, 10) for one in thousandths]
    total = Money.rounded(Decimal(sum(thousandths)).scaleb(-3), Currency.CNY).minor
    parts = largest_remainder(exact, total)
    assert sum(parts) == total
    assert all(abs(part - one) < 1 for part, one in zip(parts, exact, strict=True))
