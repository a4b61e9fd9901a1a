"""The metrics an operator watches, in Prometheus' form, summed over all workers.

With several workers prometheus_client shares its numbers through files in PROMETHEUS_MULTIPROC_DIR, which
`portal serve` sets before anything here is imported.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import (
    MultiProcessCollector,
    mark_process_dead,  # pyright: ignore[reportUnknownVariableType] - the library names no types here
)

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_requests = Counter("portal_requests", "HTTP requests and sockets answered", ("method", "kind", "status"))
_request_seconds = Histogram("portal_request_seconds", "Time to answer an HTTP request", ("kind",), buckets=_LATENCIES)
_refusals = Counter("portal_event_refusals", "Events the gate refused, by reason", ("reason",))
_faults = Counter("portal_faults", "Bugs that were met: events and requests that failed", ("where",))
_event_seconds = Histogram("portal_event_seconds", "Time one event took", ("handler",), buckets=_LATENCIES)

_aws_refusals = Counter("portal_aws_refusals", "Calls that AWS refuses for good, by operation", ("operation",))
_emails = Counter("portal_mail_attempts", "Attempts to deliver an email, by outcome", ("outcome",))


@dataclass(frozen=True, slots=True)
class Reading:
    """A gauge that is read when somebody looks: its values by one label, such as emails by status."""

    name: str
    about: str
    label: str
    read: Callable[[], Awaitable[Mapping[str, float]]]


_readings: dict[str, Reading] = {}


def observe_request(method: str, kind: str, status: int, seconds: float) -> None:
    """Count a request; `kind` is one of a few words, never a path. A socket's duration is not a latency."""
    _requests.labels(method, kind, str(status)).inc()
    if kind != "socket":
        _request_seconds.labels(kind).observe(seconds)


def observe_event(handler: str, seconds: float) -> None:
    """Note an event that ended; `handler` is one of ours, never what a browser sent."""
    _event_seconds.labels(handler).observe(seconds)


def count_refusal(reason: str) -> None:
    """Count an event that the gate refused; `reason` is one of a few words."""
    _refusals.labels(reason).inc()


def count_fault(where: str) -> None:
    """Count a bug; `where` is event, page or request."""
    _faults.labels(where).inc()


def count_email(outcome: str) -> None:
    """Count an attempt to deliver an email."""
    _emails.labels(outcome).inc()


def count_aws_refusal(operation: str) -> None:
    """Count a call that AWS refused for our credentials or permissions; `operation` is one of ours."""
    _aws_refusals.labels(operation).inc()


def watch(reading: Reading) -> None:
    """Have a gauge read at each look."""
    _readings[reading.name] = reading


async def exposition() -> bytes:
    """Everything in Prometheus' text format."""
    registry = REGISTRY
    if os.environ.get(SHARED_FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return generate_latest(registry) + generate_latest(await _read_gauges())


def delete_dead_workers() -> None:
    """Drop the gauges of workers that are gone; a worker calls this as it starts."""
    if not (folder := os.environ.get(SHARED_FOLDER)):
        return
    for pid in {path.stem.rpartition("_")[2] for path in Path(folder).glob("*.db")}:
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc").exists():
            mark_process_dead(int(pid), folder)


async def _read_gauges() -> CollectorRegistry:
    registry = CollectorRegistry()
    for reading in _readings.values():
        gauge = Gauge(reading.name, reading.about, (reading.label,), registry=registry)
        for value, number in (await reading.read()).items():
            gauge.labels(value).set(number)
    return registry
