"""An amount as it is typed: taken to the fen, or refused with words of its own."""

from __future__ import annotations

import pytest

from guance_portal.core.errors import PortalError
from guance_portal.core.money import Currency
from guance_portal.payments import amount_rules as amounts
from guance_portal.payments.amount_rules import read_amount


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1", 1_00), ("100", 100_00), (" 100.5 ", 100_50), ("0100.05", 100_05), ("50000", 50_000_00), ("1.00", 1_00)],
)
def test_an_amount_is_taken_to_the_fen(typed: str, minor: int) -> None:
    assert read_amount(typed, Currency.CNY) == minor


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", amounts.AmountMissingError),
        ("  ", amounts.AmountMissingError),
        ("100.001", amounts.AmountDecimalsError),
        ("100.000", amounts.AmountDecimalsError),
        ("-100", amounts.AmountNegativeError),
        ("−100", amounts.AmountNegativeError),
        ("0", amounts.AmountZeroError),
        ("0.00", amounts.AmountZeroError),
        ("0.99", amounts.AmountLowError),
        ("50000.01", amounts.AmountHighError),
        ("999999999999999", amounts.AmountHighError),
        ("$100", amounts.AmountSignError),
        ("100 USD", amounts.AmountSignError),
        ("１００", amounts.AmountFullWidthError),
        ("١٠٠", amounts.AmountFullWidthError),
        ("1,000.00", amounts.AmountGroupedError),
        ("1，000", amounts.AmountGroupedError),
        ("1 000", amounts.AmountGroupedError),
        ("1e3", amounts.AmountUnreadableError),
        ("NaN", amounts.AmountUnreadableError),
        ("+1", amounts.AmountUnreadableError),
        (".5", amounts.AmountUnreadableError),
        ("1.", amounts.AmountUnreadableError),
        ("1" * 40, amounts.AmountUnreadableError),
        ("一百", amounts.AmountUnreadableError),
        ("1,00", amounts.AmountUnreadableError),
    ],
)
def test_every_other_amount_has_a_refusal_of_its_own(typed: str, refusal: type[PortalError]) -> None:
    with pytest.raises(refusal):
        read_amount(typed, Currency.CNY)
