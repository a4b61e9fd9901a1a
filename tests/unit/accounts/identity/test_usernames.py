"""What may be a username."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.accounts.identity import usernames
from guance_portal.core.errors import PortalError


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("张三", "张三"),
        ("ＡＢＣ", "abc"),
        ("Yunfan_Ops", "yunfan_ops"),
        (" yunfan ", "yunfan"),
        ("e\u0301tude", "\u00e9tude"),
        ("лена", "лена"),
        ("σοφία", "σοφία"),
        ("云帆ops", "云帆ops"),
        ("ab", "ab"),
        ("שלום7", "שלום7"),
        ("سلام", "سلام"),
        ("x" * 32, "x" * 32),
        ("a.b-c_d+e'f", "a.b-c_d+e'f"),
    ],
)
def test_a_username_is_stored_case_and_width_mapped(typed: str, stored: str) -> None:
    assert usernames.clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("", "username_missing", {}),
        ("  ", "username_missing", {}),
        ("a", "username_too_short", {"least": 2}),
        ("张", "username_too_short", {"least": 2}),
        ("x" * 33, "username_too_long", {"most": 32}),
        ("x" * 5000, "username_too_long", {"most": 32}),
        ("yun fan", "username_space", {}),
        ("yun\u3000fan", "username_space", {}),
        ("yun\tfan", "username_space", {}),
        ("o\ufb03ce", "username_character", {"character": "\ufb03"}),
        ("yun\u200dfan", "username_character", {"character": "U+200D"}),
        ("\u202enafnuy", "username_character", {"character": "U+202E"}),
        ("\u0301yunfan", "username_character", {"character": "U+0301"}),
        ("yun\x00fan", "username_character", {"character": "U+0000"}),
        ("rocket🚀", "username_character", {"character": "🚀"}),
        ("ops@yunfan.example", "username_character", {"character": "@"}),
        ("yun\ud800", "username_character", {"character": "U+D800"}),
        ("yun\u3164fan", "username_character", {"character": "U+3164"}),
        ("\u115fyunfan", "username_character", {"character": "U+115F"}),
        ("yunfan\ufe0f", "username_character", {"character": "U+FE0F"}),
        ("yun\u034ffan", "username_character", {"character": "U+034F"}),
        ("aא", "username_direction", {}),
        ("אa", "username_direction", {}),
        ("1א", "username_direction", {}),
        ("yunfan٠", "username_direction", {}),
        ("pаypal", "username_mixed_scripts", {}),
        ("gοοgle", "username_mixed_scripts", {}),
        ("рαу", "username_mixed_scripts", {}),
    ],
)
def test_each_broken_rule_has_its_own_error(typed: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(PortalError) as refusal:
        usernames.clean(typed)
    assert (refusal.value.code, refusal.value.params) == (f"errors.{code}", params)
    assert refusal.value.field == "username"


@given(st.text(max_size=40))
def test_a_stored_username_stays_itself(typed: str) -> None:
    stored = usernames.key(typed)
    if stored:
        assert usernames.clean(stored) == stored
        assert unicodedata.is_normalized("NFC", stored)
        assert 2 <= len(stored) <= 32


def test_what_can_be_nobodys_username_has_no_key() -> None:
    assert usernames.key("ops@yunfan.example") == ""


@given(st.sampled_from(["yunfan", "张三", "x" * 32, "שלום"]), st.lists(st.integers(2, 999), max_size=5))
def test_alternatives_are_usernames_other_than_the_taken_one(name: str, numbers: list[int]) -> None:
    found = usernames.alternatives(name, numbers)
    assert len(found) == len(numbers)
    assert name not in found
    assert all(usernames.clean(candidate) == candidate for candidate in found)


def test_being_taken_is_told_at_the_field_and_carries_free_names() -> None:
    problem = usernames.UsernameTakenError(("yunfan1", "yunfan2"))
    assert (problem.field, problem.suggestions) == ("username", ("yunfan1", "yunfan2"))
