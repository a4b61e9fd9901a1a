"""The marks of an axis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guance_portal.core.axis_rules import marks


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 2, 4, 6]),
        (9, [0, 5, 10]),
        (16_926, [0, 5_000, 10_000, 15_000, 20_000]),
        (37_079, [0, 10_000, 20_000, 30_000, 40_000]),
        (100, [0, 25, 50, 75, 100]),
        (8_001, [0, 2_500, 5_000, 7_500, 10_000]),
    ],
)
def test_marks_are_few_and_round(most: int, expected: list[int]) -> None:
    assert marks(most) == expected


@given(st.integers(0, 10**15))
def test_the_last_mark_covers_and_the_one_before_it_does_not(most: int) -> None:
    found = marks(most)
    apart = found[1]
    assert found == [apart * number for number in range(len(found))]
    assert 2 <= len(found) <= 5
    assert found[-1] >= most
    assert found[-2] < most or most == 0


def test_an_axis_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="begins at nothing"):
        marks(-1)
