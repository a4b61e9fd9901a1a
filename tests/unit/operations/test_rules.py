"""Pages of a list, and what an operator types when looking for something."""

from __future__ import annotations

import pytest

from guance_portal.operations.rules import literal, pages


@pytest.mark.parametrize(("count", "expected"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_the_last_page_may_be_short_and_an_empty_list_has_one(count: int, expected: int) -> None:
    assert pages(count, 20) == expected


@pytest.mark.parametrize(("typed", "looked_for"), [("yun", "yun"), ("50%", "50!%"), ("a_b", "a!_b"), ("a!", "a!!")])
def test_signs_of_like_stand_for_themselves(typed: str, looked_for: str) -> None:
    assert literal(typed) == looked_for
