"""Distinct things of a request, packed."""

from __future__ import annotations

import random
from hashlib import blake2b

import pytest

from guance_portal.metering.things import Things


def packed(names: list[str]) -> bytes:
    things = Things()
    for name in names:
        things.update([name])
    steps = things.packed()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("number", [0, 1, 300, 4_096, 4_097, 30_000])
def test_each_name_is_packed_once_in_ascending_order(number: int) -> None:
    names = [f"cpu\0host\0{n}" for n in range(number)]
    often = names + names[: number // 2]
    random.Random(7).shuffle(often)
    expected = sorted(blake2b(name.encode(), digest_size=16).digest() for name in names)
    assert packed(often) == b"".join(expected)
