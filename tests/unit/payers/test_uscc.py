"""The check of the 统一社会信用代码, held against an independent implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from guance_portal.core.errors import PortalError
from guance_portal.payers import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "91110000600037341L", "911100000000000250", "N2110000MF0000001E"],
)
def test_valid_codes_are_taken(code: str) -> None:
    assert uscc.clean(code) == code


def test_a_code_may_be_typed_in_small_letters_wide_letters_and_groups() -> None:
    assert uscc.clean(" 91350100 m000100y43 ") == "91350100M000100Y43"
    assert uscc.clean("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


def test_no_code_is_no_problem() -> None:
    assert uscc.clean(" ") == ""


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("91350100M000100Y4", "uscc_length", {"count": 17}),
        ("91350100M000100Y4Z", "uscc_character", {"character": "Z"}),
        ("91350100M0001O0Y43", "uscc_character", {"character": "O"}),
        ("91350100M000100Y4\u0301", "uscc_character", {"character": "\u0301"}),
        ("91350100M000100Y44", "uscc_check", {}),
        ("91350100M000010Y43", "uscc_check", {}),
        ("000000000000000000", "uscc_check", {}),
        ("０" * 18, "uscc_check", {}),
    ],
)
def test_each_mistake_has_its_own_error(typed: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(PortalError) as refusal:
        uscc.clean(typed)
    assert (refusal.value.code, refusal.value.params) == (f"errors.{code}", params)
    assert refusal.value.field == "uscc"


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.text(ALPHABET, min_size=9, max_size=9))
def test_the_check_character_is_the_independent_one(digits: str, organisation: str) -> None:
    body = digits + organisation
    assert uscc.check_character(body) == oracle.calc_check_digit(body)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_single_mistyped_character_is_noticed(body: str, place: int, other: str) -> None:
    code = body + uscc.check_character(body)
    mistyped = code[:place] + other + code[place + 1 :]
    if mistyped == code and code.strip("0"):
        assert uscc.clean(code) == code
    else:
        with pytest.raises(uscc.UsccCheckError):
            uscc.clean(mistyped)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12-3456789", "12-3456789"),
        (" de 123 456 789\u200b", "DE 123 456 789"),
        ("ＧＢ１２３４５６７８９", "GB123456789"),
        ("", ""),
    ],
)
def test_a_tax_id_of_another_country_is_kept_as_written_in_capitals(typed: str, stored: str) -> None:
    assert uscc.clean_tax_id(typed) == stored


@pytest.mark.parametrize("typed", ["1", "12--34567", "-12345", "税号12345", "1" * 31])
def test_what_is_no_tax_id_is_refused(typed: str) -> None:
    with pytest.raises(PortalError) as refusal:
        uscc.clean_tax_id(typed)
    assert (refusal.value.code, refusal.value.field) == ("errors.tax_id", "uscc")
