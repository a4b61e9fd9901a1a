"""Rounding exact amounts, and sharing an amount out so that the parts add up. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

_CUT = Context(prec=120, rounding=ROUND_DOWN, traps=[InvalidOperation])
_HALF_UP = Context(prec=120, rounding=ROUND_HALF_UP, traps=[InvalidOperation])


def cut(amount: Decimal, digits: int) -> Decimal:
    """An amount with so many decimals; what is beyond is dropped."""
    return _CUT.quantize(amount, Decimal(1).scaleb(-digits))


def half_up(amount: Decimal, digits: int) -> Decimal:
    """An amount with so many decimals; a half goes away from zero, also below it."""
    return _HALF_UP.quantize(amount, Decimal(1).scaleb(-digits))


def largest_remainder(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole parts that add up to `total`: each is floored, and what is left goes one each to the largest fractions.

    Of equal fractions the earlier one gets it, so the order must be a named one (that of items in the price list).
    Raises ValueError when the total is no rounding of the sum of the parts.
    """
    parts = [math.floor(part) for part in exact]
    left = total - sum(parts)
    if not 0 <= left <= len(parts):
        raise ValueError(f"{total} is no rounding of the sum of these parts")
    by_fraction = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_fraction[:left]:
        parts[place] += 1
    return parts


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """`total` shared out by weights of at least nothing; raises ValueError where they are all nothing."""
    whole = sum(weights)
    if not whole:
        raise ValueError("nothing to share by")
    return largest_remainder([Fraction(total * weight, whole) for weight in weights], total)


def shared_up_to(total: int, most: Sequence[int]) -> list[int]:
    """`total` shared out by amounts, to none of them more than the amount itself."""
    return shared(min(total, sum(most)), most)


def without_tax(gross: int, percent: int) -> tuple[int, int]:
    """A price that includes tax as net and tax, which add up to it; the net is rounded, a half away from zero."""
    net = int(half_up(Decimal(gross * 100) / Decimal(100 + percent), 0))
    return net, gross - net


def half_away(exact: Fraction) -> int:
    """A whole number; a half goes away from zero."""
    rounded = math.floor(abs(exact) + Fraction(1, 2))
    return -rounded if exact < 0 else rounded
