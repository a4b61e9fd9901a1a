"""下一步: what arrives while the first is under way, or has led on already, is dropped."""

from __future__ import annotations

from guance_portal.state.sign_up.basic import CommercialForm, SignUpBasicState


async def test_a_second_next_step_does_nothing() -> None:
    state = SignUpBasicState()  # pyright: ignore[reportCallIssue] - Reflex lets tests make states
    state.is_busy = True
    assert [event async for event in state.next_step(CommercialForm())] == []
    assert (state.is_busy, state.refusals) == (True, 0)
