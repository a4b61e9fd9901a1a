"""What a password must be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.accounts.identity import usernames
from guance_portal.accounts.identity.password_rules import (
    PasswordHasNameError,
    PasswordTooLongError,
    PasswordTooShortError,
    PasswordWeakError,
    judge,
    stands_under,
)

GOOD = "correct horse battery staple"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", PasswordTooShortError),
        ("kT9#v2x", PasswordTooShortError),
        ("kT9#v2xQ", PasswordWeakError),
        ("kT9#v2xQw7", None),
        (GOOD, None),
        ("木星绕着太阳走了十二年", None),
        ("password1", PasswordWeakError),
        ("aaaaaaaaaaaaaaaaaaaa", PasswordWeakError),
        ("guance2022", PasswordWeakError),
        ((GOOD * 5)[:128], None),
        ((GOOD * 5)[:129], PasswordTooLongError),
        ("x" * 10_000, PasswordTooLongError),
    ],
)
def test_length_and_strength(password: str, problem: type[Exception] | None) -> None:
    found = judge(password).problem
    assert found is None if problem is None else isinstance(found, problem)


@pytest.mark.parametrize(
    ("password", "username", "email", "is_refused"),
    [
        ("battery-zhangsan-staple-9", "zhangsan", "", True),
        ("battery-ZhangSan-staple-9", "zhangsan", "", True),
        ("battery-张三-staple-9", "张三", "", True),
        ("battery-li-staple-9-horse", "li", "", False),
        ("battery-lin.zx-staple-9", "", "lin.zx@yunfan.example", True),
        ("battery-yunfan-staple-9", "", "lin.zx@yunfan.example", False),
        (GOOD, "", "", False),
        ("battery-zhangsan-staple-9", " zhangsan ", "", True),
        ("battery-zhangsan-staple-9", "ＺｈａｎｇＳａｎ", "", True),
        ("battery-ｚｈａｎｇｓａｎ-staple-9", "zhangsan", "", True),
        ("battery-zhangsan-staple-9", "", "\u3000ｚｈａｎｇｓａｎ＠yunfan.example ", True),
        ("battery-linxia-staple-9", "", "  LinXia@yunfan.example", True),
        ("battery-étude-staple-9", "e\u0301tude", "", True),
    ],
)
def test_ones_own_name_is_refused(password: str, username: str, email: str, *, is_refused: bool) -> None:
    found = judge(password, username=username, email=email).problem
    assert isinstance(found, PasswordHasNameError) is is_refused


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [
        ("yunfan", "yunfan", True),
        ("yunfan", " ＹｕｎＦａｎ ", True),
        ("yunfan", "yunfan88", True),
        ("张三", "小张三", True),
        ("yunfan", "violet", False),
        ("yunfan", "yun", False),
        ("yu", "yunfan", False),
        ("yunfan", "yun fan", False),
        ("", "yunfan", False),
    ],
)
def test_a_password_stays_only_under_a_name_that_holds_the_one_it_was_taken_under(
    before: str, after: str, *, stands: bool
) -> None:
    assert stands_under(before, after) is stands


_letters = st.text("abAＢ张1", max_size=6)


@given(st.text("abA张1", min_size=8, max_size=30), _letters, _letters)
def test_what_stays_would_have_been_taken_as_far_as_names_go(password: str, name: str, more: str) -> None:
    longer = more + name
    if (
        usernames.key(longer)
        and stands_under(name, longer)
        and isinstance(judge(password, username=longer).problem, PasswordHasNameError)
    ):
        assert isinstance(judge(password, username=name).problem, PasswordHasNameError)


def test_a_problem_names_its_field() -> None:
    found = judge("short", field="new").problem
    assert found
    assert (found.field, found.params) == ("new", {"shortest": 8})


def test_a_problem_is_raised_when_required() -> None:
    judge(GOOD).require()
    with pytest.raises(PasswordWeakError):
        judge("password1").require()


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gets_a_score_and_a_decision(password: str, username: str) -> None:
    verdict = judge(password, username=username)
    assert 0 <= verdict.score <= 4
    assert verdict.problem or 8 <= len(password) <= 128
