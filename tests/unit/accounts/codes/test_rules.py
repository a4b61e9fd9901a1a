"""The rules of codes sent by e-mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.accounts.codes.rules import (
    CodeFormatError,
    CodeMissingError,
    CodePurpose,
    CodeSpentError,
    CodeTooSoonError,
    CodeWrongError,
    after_wrong_try,
    limit_reached,
    read,
    seconds_to_wait,
)

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345", "０１２３４５", "012\u3000345"])
def test_the_digits_are_read_however_they_are_grouped(typed: str) -> None:
    assert read(typed) == "012345"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", CodeMissingError),
        (" - ", CodeMissingError),
        ("12345", CodeFormatError),
        ("1234567", CodeFormatError),
        ("12345x", CodeFormatError),
        ("٠١٢٣٤٥", CodeFormatError),
        ("1" * 5000, CodeFormatError),
    ],
)
def test_what_is_no_code_is_told_apart_from_a_wrong_one(typed: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        read(typed)


@pytest.mark.parametrize(("ago", "wait"), [(0, 60), (0.4, 60), (12.5, 48), (59.1, 1), (60, 0), (3600, 0)])
def test_the_wait_is_told_in_whole_seconds_and_never_too_short(ago: float, wait: int) -> None:
    assert seconds_to_wait(NOW - timedelta(seconds=ago), NOW) == wait


def test_the_first_code_waits_for_nothing() -> None:
    assert seconds_to_wait(None, NOW) == 0


@given(st.floats(0, 59.999))
def test_waiting_as_told_is_enough(ago: float) -> None:
    sent = NOW - timedelta(seconds=ago)
    assert seconds_to_wait(sent, NOW + timedelta(seconds=seconds_to_wait(sent, NOW))) == 0


def test_after_a_wrong_try_the_tries_left_are_told_and_the_fifth_ends_the_code() -> None:
    said = [after_wrong_try(tries) for tries in range(1, 6)]
    assert [problem.params.get("left") for problem in said[:4] if isinstance(problem, CodeWrongError)] == [4, 3, 2, 1]
    assert isinstance(said[4], CodeSpentError)


def test_being_too_soon_carries_the_seconds_for_the_countdown() -> None:
    problem = CodeTooSoonError(48)
    assert (problem.seconds, problem.params, problem.field) == (48, {"seconds": 48}, "code")


_SIGN_UP, _BIND = CodePurpose.SIGN_UP, CodePurpose.BIND_FEE_ACCOUNT


@pytest.mark.parametrize(
    ("sent", "is_own", "most"),
    [
        ([], False, 0),
        ([(_SIGN_UP, "cn1")] * 4 + [(_SIGN_UP, "us1")], False, 0),
        ([(_SIGN_UP, "cn1")] * 5, False, 5),
        ([(_SIGN_UP, "us1")] * 5 + [(_BIND, "cn1")], False, 0),
        ([(_SIGN_UP, "us1")] * 5 + [(_BIND, "")] * 2, False, 7),
        ([(_SIGN_UP, "cn1")] * 9, True, 0),
        ([(_BIND, "")] * 10, True, 10),
        ([(_BIND, "")] * 10, False, 7),
    ],
)
def test_the_owner_of_an_address_has_codes_left_when_strangers_have_none(
    sent: list[tuple[CodePurpose, str]], most: int, *, is_own: bool
) -> None:
    assert limit_reached(sent, _SIGN_UP, "cn1", is_own=is_own) == most


def test_only_the_owner_of_an_address_can_ask_for_a_code_to_leave_it() -> None:
    assert [purpose for purpose in CodePurpose if purpose.is_own] == [CodePurpose.FEE_EMAIL_OLD]
