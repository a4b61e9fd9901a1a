"""How many people one worker holds: everybody has a session and an event about every two seconds.

Each event of the portal reads the database twice; each of the blank app counts in memory. Nobody shares an
address or a session, so that the limits are those of as many people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.figure import Aim, Figure, at_least, at_most
from benchmarks.support import blank_app, portal_app
from benchmarks.support.crowd import Gathering, Plan, gather
from benchmarks.support.served import Usage

THINK_SECONDS = 2
SECONDS = 20
AIMED_AT = 1000
HIGHER, LOWER = (1500,), (750, 500, 250, 100)
BEARABLE_MS = 100


def measure() -> Iterator[Figure]:
    """The largest crowd answered within 100 ms at p95 without an error; then what the crowd of 1,000 met."""
    portal, blank = _search(_hold_portal), _search(_hold_blank)
    yield _figure("sessions", "people", portal.held, blank.held, at_least(AIMED_AT))
    ours, bare = portal.at_aim, blank.at_aim
    for percent in (50, 95, 99):
        aim = at_most(BEARABLE_MS) if percent == 95 else None
        yield _figure(f"p{percent}", "ms", ours.outcome.percentile(percent), bare.outcome.percentile(percent), aim)
    yield _figure("errors", "people", ours.outcome.errors, bare.outcome.errors, at_most(0))
    yield _figure(
        "events", "per second", len(ours.outcome.latencies) / ours.seconds, len(bare.outcome.latencies) / bare.seconds
    )
    if ours.before and ours.ready and ours.after and bare.before and bare.ready and bare.after:
        yield _figure("cpu", "% of one core", _cpu(ours, ours.ready, ours.after), _cpu(bare, bare.ready, bare.after))
        yield _figure("memory", "kB a session", _memory(ours.before, ours.ready), _memory(bare.before, bare.ready))


@dataclass(frozen=True, slots=True)
class _Search:
    held: int
    at_aim: Gathering


def _search(hold: Callable[[int], Gathering]) -> _Search:
    """Begin with the crowd aimed at; go up while it is borne, else down until it is."""
    at_aim = hold(AIMED_AT)
    held, further = (AIMED_AT, HIGHER) if _is_borne(at_aim) else (0, LOWER)
    for count in further:
        is_borne = _is_borne(hold(count))
        if is_borne:
            held = count
        if is_borne == (further is LOWER):
            break
    return _Search(held, at_aim)


def _is_borne(crowd: Gathering) -> bool:
    return not crowd.outcome.errors and crowd.outcome.percentile(95) < BEARABLE_MS


def _hold_portal(count: int) -> Gathering:
    with portal_app.serve(signed_in=count) as portal:
        plan = _plan(portal.served.base, "/account", portal_app.READING_EVENT, portal_app.READING_ANSWER)
        return gather(portal.served, plan([person.headers for person in portal.people]))


def _hold_blank(count: int) -> Gathering:
    with blank_app.serve() as blank:
        plan = _plan(blank.base, "/counter", blank_app.COUNTING_EVENT, blank_app.COUNTING_ANSWER)
        return gather(blank, plan([{} for _ in range(count)]))


def _plan(base: str, path: str, event: str, seen: str) -> Callable[[Sequence[dict[str, str]]], Plan]:
    def of(people: Sequence[dict[str, str]]) -> Plan:
        return Plan(
            base=base, path=path, event=event, seen=seen, think=THINK_SECONDS, seconds=SECONDS, people=list(people)
        )

    return of


def _figure(name: str, unit: str, value: float, reference: float, aim: Aim | None = None) -> Figure:
    at = "" if name == "sessions" else f" at {AIMED_AT} people"
    of = f"bare counter of the blank app, one worker, think time {THINK_SECONDS} s{at}"
    return Figure(figure=f"capacity.{name}", value=value, unit=unit, reference=reference, reference_of=of, aim=aim)


def _cpu(crowd: Gathering, ready: Usage, after: Usage) -> float:
    return (after.cpu_seconds - ready.cpu_seconds) / crowd.seconds * 100


def _memory(before: Usage, ready: Usage) -> float:
    return (ready.resident_bytes - before.resident_bytes) / AIMED_AT / 1000
