"""The code of a bank transfer, beside another implementation of its check character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from guance_portal.payments.remittance_rules import MOST_PAYERS, RemittanceCodeError, payer_of, remittance_code

PAYERS = st.integers(min_value=1, max_value=MOST_PAYERS - 1)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@given(PAYERS)
def test_a_code_leads_back_to_its_payer(payer: int) -> None:
    code = remittance_code(payer)
    assert len(code) == 8
    assert payer_of(code) == payer
    assert mod_37_36.is_valid(code)


@given(PAYERS, st.integers(0, 7), st.sampled_from(LETTERS))
def test_a_wrong_character_is_found(payer: int, place: int, other: str) -> None:
    code = remittance_code(payer)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(RemittanceCodeError):
            payer_of(wrong)


@pytest.mark.parametrize("written", ["0000 001F", "0000-001f", " 0000001F "])
def test_spaces_hyphens_and_small_letters_do_not_matter(written: str) -> None:
    assert payer_of(written) == payer_of("0000001F")


@pytest.mark.parametrize(
    "written", ["", "0000001", "00000000N", "０000001N", "0000000" + mod_37_36.calc_check_digit("0000000")]
)
def test_what_is_no_code_is_refused(written: str) -> None:
    with pytest.raises(RemittanceCodeError):
        payer_of(written)


@pytest.mark.parametrize("payer", [0, -1, MOST_PAYERS])
def test_nobody_has_no_code(payer: int) -> None:
    with pytest.raises(ValueError):
        remittance_code(payer)
