"""What one holder may have of what a process has."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from guance_portal.api.shares import NoShareError, Shares


def test_nobody_has_more_than_a_share() -> None:
    shares = Shares(100, 4)
    with shares.held("a", 3), shares.held("a"):
        with pytest.raises(NoShareError):
            shares.take("a")
        shares.take("b")
    shares.take("a", 4)


def test_the_last_quarter_is_for_those_who_have_little() -> None:
    shares = Shares(16, 8)
    shares.take("a", 8)
    shares.take("b", 4)
    for holder in ("b", "c"):
        with pytest.raises(NoShareError):
            shares.take(holder, 3)
    shares.take("c", 2)
    shares.take("d", 2)
    with pytest.raises(NoShareError):
        shares.take("e")


def test_what_is_refused_takes_nothing_and_what_is_returned_can_be_taken_again() -> None:
    shares = Shares(4, 4)
    for _ in range(3):
        with ExitStack() as held:
            held.enter_context(shares.held("a", 2))
            with pytest.raises(NoShareError):
                shares.take("a", 3)
    assert "a" not in shares
