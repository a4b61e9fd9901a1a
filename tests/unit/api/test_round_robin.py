"""Owners of long work take turns; each has one piece of it under way."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from guance_portal.api import round_robin
from guance_portal.api.round_robin import RoundRobin


@pytest.fixture(autouse=True)
def each_step_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_robin, "SLICE_SECONDS", 0)


class Scene:
    """Notes whose step was done when."""

    def __init__(self) -> None:
        self.ring, self.steps = RoundRobin("test"), list[str]()

    async def do(self, name: str, steps: int) -> str:
        """Work of the owner whose letter the name begins with."""
        async with self.ring.alone(name[0]):
            return await self.ring.run(self._work(name, steps))

    def _work(self, name: str, steps: int) -> Generator[None, None, str]:
        for _ in range(steps):
            self.steps.append(name)
            yield
        return name


async def test_each_owner_has_one_step_in_a_round() -> None:
    scene = Scene()
    await asyncio.gather(scene.do("a", 50), scene.do("b", 50), scene.do("c", 50))
    assert scene.steps == ["a", "b", "c"] * 50


async def test_more_work_of_one_owner_is_no_larger_share() -> None:
    scene = Scene()
    done = await asyncio.gather(*(scene.do(f"a{n}", 30) for n in range(4)), scene.do("b", 30))
    assert done == ["a0", "a1", "a2", "a3", "b"]
    assert scene.steps == ["a0", "b"] * 30 + ["a1"] * 30 + ["a2"] * 30 + ["a3"] * 30


async def test_anyone_who_comes_while_long_work_is_under_way_waits_for_one_slice() -> None:
    scene = Scene()
    long = asyncio.create_task(scene.do("a", 100_000))
    while not scene.steps:  # noqa: ASYNC110 - another thread does it
        await asyncio.sleep(0)
    await scene.do("b", 1)
    assert not long.done()
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long
    assert await scene.do("a", 1) == "a"


async def test_work_that_fails_says_so_and_delays_no_other_work() -> None:
    scene = Scene()

    def fail() -> Generator[None, None, None]:
        yield
        raise ValueError

    with pytest.raises(ValueError):
        async with scene.ring.alone("a"):
            await scene.ring.run(fail())
    assert await scene.do("a", 1) == "a"


async def test_a_slice_lasts_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_robin, "SLICE_SECONDS", 60)
    scene = Scene()
    await asyncio.gather(scene.do("a", 3), scene.do("b", 3))
    assert scene.steps == ["a"] * 3 + ["b"] * 3
