"""Milliseconds from an event to its answer, for one person on a bare socket.

The portal's event finds the session and lists the person's devices, two reads of the database; the blank app's
counts in memory. They take turns, so that both meet the same load of the machine. Clicks in a browser would add the
same few milliseconds of drawing to both and flatter the ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import quantiles

from benchmarks.figure import Figure, at_most_times_reference
from benchmarks.support import blank_app, portal_app
from benchmarks.support.crowd import Plan, gather
from benchmarks.support.served import Served

TURNS = 8
EVENTS_A_TURN = 25
WARM_UP = 10
AIM = at_most_times_reference(2)


def measure() -> Iterator[Figure]:
    """Percentiles over 200 events of each."""
    with blank_app.serve() as blank, portal_app.serve(signed_in=1) as portal:
        headers = portal.people[0].headers
        reading = _plan(portal.served, "/account", portal_app.READING_EVENT, portal_app.READING_ANSWER, headers)
        counting = _plan(blank, "/counter", blank_app.COUNTING_EVENT, blank_app.COUNTING_ANSWER, {})
        read, counted = list[float](), list[float]()
        for _ in range(TURNS):
            read += gather(portal.served, reading).outcome.latencies[WARM_UP:]
            counted += gather(blank, counting).outcome.latencies[WARM_UP:]
    for percent in (50, 95):
        yield Figure(
            figure=f"round_trip.p{percent}",
            value=_percentile(read, percent),
            unit="ms",
            reference=_percentile(counted, percent),
            reference_of=f"bare counter of the blank app, raw socket, p{percent} of {len(counted)}",
            aim=AIM,
        )


def _plan(server: Served, path: str, event: str, seen: str, headers: dict[str, str]) -> Plan:
    events = EVENTS_A_TURN + WARM_UP
    return Plan(
        base=server.base,
        path=path,
        event=event,
        seen=seen,
        think=0.02,
        seconds=60,
        people=[headers],
        events=events,
    )


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
