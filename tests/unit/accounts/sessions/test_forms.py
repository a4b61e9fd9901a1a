"""找回密码 asks for what can be somebody's login, and says what else is wrong with it."""

from __future__ import annotations

import pytest

from guance_portal.accounts.sessions.forms import ConsoleLogin, FeeLogin


@pytest.mark.parametrize("typed", ["lin@yunfan.example", " Ｌin@yunfan.example\u200b"])
def test_an_address_is_a_login_of_both_realms(typed: str) -> None:
    assert ConsoleLogin(login=typed).problem_of("login") is None
    assert FeeLogin(login=typed).problem_of("login") is None


@pytest.mark.parametrize(
    ("typed", "console", "fee_center"),
    [
        ("yunfan", "errors.email_invalid", None),
        ("lin@@yunfan", "errors.email_invalid", "errors.email_invalid"),
        ("yun fan", "errors.email_invalid", "errors.username_space"),
        ("林@yunfan.example", "errors.email_not_ascii", "errors.email_not_ascii"),
    ],
)
def test_what_can_be_nobodys_login_is_refused_at_its_field(typed: str, console: str, fee_center: str | None) -> None:
    for form, code in ((ConsoleLogin(login=typed), console), (FeeLogin(login=typed), fee_center)):
        problem = form.problem_of("login")
        assert (problem.code if problem else None) == code
        assert problem is None or problem.field == "login"
