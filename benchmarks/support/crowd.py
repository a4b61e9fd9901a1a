"""Many people at once on bare sockets, in a process of their own so that they do not wait for the measuring one.

`gather` starts it; run as a module it reads a `Plan` from standard input and writes two lines: `ready` once
everybody is connected, then the `Outcome`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import random
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.support.served import Served, Usage

MOST = 2000
"""No crowd is larger."""
_BOOT = "reflex___state____state.hydrate_and_load"
_BOOTED = '"is_hydrated_rx_state_":true'
_PATIENCE = 10
_CONNECTING_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What everybody does: open `path`, then send `event` after each pause until `seconds` are over; without one, nothing.

    `seen` is a text in the update that answers an event; pauses are spread evenly around `think` seconds;
    `people` are the headers each one connects with.
    """

    base: str
    path: str
    event: str
    seen: str
    think: float
    seconds: float
    people: list[dict[str, str]]
    events: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Milliseconds from sending an event to having its answer, and what went wrong instead."""

    latencies: list[float] = field(default_factory=list[float])
    errors: int = 0

    def percentile(self, which: int) -> float:
        """The latency that `which` per cent of the events stayed below, in ms."""
        return quantiles(self.latencies, n=100, method="inclusive")[which - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """An outcome, and what the server used before, when all were connected, and at the end; None when unknown."""

    outcome: Outcome
    before: Usage | None
    ready: Usage | None
    after: Usage | None
    seconds: float


def gather(server: Served, plan: Plan) -> Gathering:
    """Let the crowd do as planned; raises RuntimeError when it cannot."""
    if len(plan.people) > MOST:
        raise ValueError(f"at most {MOST} people")
    before = server.usage()
    command = [sys.executable, "-m", "benchmarks.support.crowd"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        assert crowd.stdin
        assert crowd.stdout
        crowd.stdin.write(json.dumps(asdict(plan)) + "\n")
        crowd.stdin.flush()
        if crowd.stdout.readline() != "ready\n":
            raise RuntimeError("the crowd did not connect")
        start, ready = time.perf_counter(), server.usage()
        answer = crowd.stdout.readline()
        after, seconds = server.usage(), time.perf_counter() - start
    outcome = Outcome(**json.loads(answer))
    return Gathering(outcome=outcome, before=before, ready=ready, after=after, seconds=seconds)


async def _act(plan: Plan) -> Outcome:
    outcome_of_each: list[list[float]] = []
    connecting, everybody = asyncio.Semaphore(_CONNECTING_AT_ONCE), asyncio.Barrier(len(plan.people) + 1)
    failures: list[str] = []

    async def person(headers: dict[str, str]) -> None:
        mine: list[float] = []
        async with contextlib.AsyncExitStack() as leaving:
            try:
                async with connecting:
                    wire = await leaving.enter_async_context(_open(plan.base, headers))
                    await _enter(wire, plan.path)
            except (OSError, WebSocketException, TimeoutError) as problem:
                failures.append(repr(problem))
                await everybody.wait()
                return
            await everybody.wait()
            try:
                await _live(wire, plan, mine)
            except (OSError, WebSocketException, TimeoutError) as problem:
                failures.append(repr(problem))
        outcome_of_each.append(mine)

    tasks = [asyncio.create_task(person(headers)) for headers in plan.people]
    await everybody.wait()
    print("ready", flush=True)
    await asyncio.gather(*tasks)
    if failures:
        print(f"{len(failures)} people failed, the first with {failures[0]}", file=sys.stderr)
    return Outcome(latencies=[one for each in outcome_of_each for one in each], errors=len(failures))


def _open(base: str, headers: dict[str, str]) -> connect:
    address = f"{base.replace('http', 'ws', 1)}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    return connect(address, origin=base, additional_headers=headers, compression=None, max_size=None, proxy=None)  # pyright: ignore[reportArgumentType]


async def _enter(wire: ClientConnection, path: str) -> None:
    await _until(wire, "0{")
    await wire.send("40/_event,")
    await _until(wire, "40/_event,")
    await wire.send(_frame(_BOOT, path))
    await _until(wire, _BOOTED)


async def _live(wire: ClientConnection, plan: Plan, latencies: list[float]) -> None:
    """Send events until the time is over; a person who gets no answer is an error and stops."""
    if not plan.event:
        await _stay(wire, plan.seconds)
        return
    frame, end = _frame(plan.event, plan.path), time.perf_counter() + plan.seconds
    while len(latencies) < plan.events:
        await asyncio.sleep(plan.think * random.uniform(0.5, 1.5))
        if (sent := time.perf_counter()) >= end:
            return
        await wire.send(frame)
        await _until(wire, plan.seen)
        latencies.append((time.perf_counter() - sent) * 1000)


async def _stay(wire: ClientConnection, seconds: float) -> None:
    """Keep the connection alive and do nothing else."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                if str(await wire.recv()) == "2":
                    await wire.send("3")


async def _until(wire: ClientConnection, text: str) -> None:
    async with asyncio.timeout(_PATIENCE):
        while text not in (frame := str(await wire.recv())):
            if frame == "2":
                await wire.send("3")


def _frame(event: str, path: str) -> str:
    router: dict[str, Any] = {"pathname": path, "query": {}, "asPath": path, "shown": ""}
    return "42/_event," + json.dumps(["event", {"name": event, "payload": {}, "router_data": router}])


def _main() -> None:
    plan = Plan(**json.loads(sys.stdin.readline()))
    gc.collect()
    gc.freeze()
    gc.disable()
    # Python's unbuffered mode writes a long line only in part.
    with Path("/dev/stdout").open("w") as whole:
        whole.write(json.dumps(asdict(uvloop.run(_act(plan)))) + "\n")


if __name__ == "__main__":
    _main()
