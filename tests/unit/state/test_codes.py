"""获取验证码: the button can be pressed again whatever became of the email."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guance_portal.accounts.codes.rules import RESEND_AFTER, CodeJustSentError, CodeTooSoonError
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.messages import text
from guance_portal.state.fee_center.email import FeeEmailState
from guance_portal.state.notice import UNDER_WAY


@dataclass(frozen=True)
class Sent:
    """What a service answers."""

    to: str = "pay@yunfan.example"


async def answer(problem: Exception | None = None) -> Sent:
    if problem:
        raise problem
    return Sent()


@pytest.fixture
def form() -> FeeEmailState:
    return FeeEmailState()  # pyright: ignore[reportCallIssue] - Reflex lets tests make states


async def test_after_an_email_the_button_rests(form: FeeEmailState) -> None:
    assert form._begin_sending()
    assert not form._begin_sending()
    assert await form._send(answer()) == (Sent(), None)
    assert (form.is_sending, form.wait, form.sends) == (False, RESEND_AFTER.seconds, 1)


async def test_too_soon_is_told_at_the_code_and_counts_what_is_left(form: FeeEmailState) -> None:
    form._begin_sending()
    _, error = await form._send(answer(CodeTooSoonError(17)), code="binding_code")
    assert isinstance(error, CodeTooSoonError)
    assert form.problems == {"binding_code": text("errors.code_too_soon", seconds=17)}
    assert (form.is_sending, form.wait, form.sends) == (False, 17, 1)


async def test_pressed_twice_is_no_problem(form: FeeEmailState) -> None:
    form._begin_sending()
    assert await form._send(answer(CodeJustSentError(59))) == (None, None)
    assert (form.problems, form.is_sending, form.wait, form.sends, form.answers) == ({}, False, 59, 1, 1)


async def test_a_refusal_is_told_where_it_belongs_and_the_button_does_not_rest(form: FeeEmailState) -> None:
    form._begin_sending()
    await form._send(answer(NotAllowedError(field="email")))
    await form._send(answer(NotAllowedError()), otherwise="payer")
    await form._send(answer(NotAllowedError(field="code")), code="binding_code")
    assert set(form.problems) == {"email", "payer", "binding_code"}
    assert (form.is_sending, form.wait, form.answers) == (False, 0, 3)


async def test_an_unexpected_error_leaves_the_button_usable(form: FeeEmailState) -> None:
    form._begin_sending()
    with pytest.raises(ZeroDivisionError):
        await form._send(answer(ZeroDivisionError()))
    assert (form.is_sending, form.problems) == (False, {})


def test_a_fault_frees_every_button_that_waits() -> None:
    assert {"is_busy", "is_sending", "is_checking"} <= UNDER_WAY
