"""What an operator types when looking for something."""

from __future__ import annotations

import pytest

from guance_portal.operations.rules import literal


@pytest.mark.parametrize(("typed", "looked_for"), [("yun", "yun"), ("50%", "50!%"), ("a_b", "a!_b"), ("a!", "a!!")])
def test_signs_of_like_stand_for_themselves(typed: str, looked_for: str) -> None:
    assert literal(typed) == looked_for
