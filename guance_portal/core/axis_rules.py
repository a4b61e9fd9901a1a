"""The marks of an axis that begins at nothing. Pure."""

from __future__ import annotations

from fractions import Fraction

_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
_MARKS = 4


def marks(most: int) -> list[int]:
    """Whole numbers from 0 on, evenly apart by 1, 2, 2.5 or 5 times a power of ten; the last is at least `most`.

    At most four are above 0. Raises ValueError for less than nothing.
    """
    if most < 0:
        raise ValueError("an axis begins at nothing")
    power = 1
    while True:
        for step in _STEPS:
            apart = step * power
            if apart.denominator == 1 and apart * _MARKS >= most:
                count = max(-(-most // int(apart)), 1)
                return [int(apart) * number for number in range(count + 1)]
        power *= 10
