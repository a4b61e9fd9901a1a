"""The ways in which points count for an item: each by itself, or each distinct thing that they name once a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from guance_portal.metering.points import TRACE_ID, VIEW_ID, Points

Counted = tuple[Iterable[str], int]
"""The names of the things that count once a day, and how many points count by themselves."""
Way = Callable[[Points], Counted]


def uncounted(points: Points) -> Counted:
    """Points that count for no item."""
    del points
    return (), 0


def each_point(points: Points) -> Counted:
    """Every point counts."""
    return (), len(points)


def series(points: Points) -> Counted:
    """Every distinct measurement with its tags counts."""
    return points.series(), 0


def traces(points: Points) -> Counted:
    """Every distinct trace counts; a span without one is a trace of its own."""
    return (name or points.whole(place) for place, name in enumerate(points.named(TRACE_ID))), 0


def page_views(points: Points) -> Counted:
    """Every distinct view counts; a view without its id counts by itself, because nothing tells it apart."""
    named = zip(points.measurements, points.named(VIEW_ID), strict=True)
    views = [view for measurement, view in named if measurement == "view"]
    return filter(None, views), views.count("")


def hosts(points: Points) -> Counted:
    """Every distinct machine counts; other objects name the machine that they run on too."""
    named = zip(points.measurements, hosts_named(points), strict=True)
    return (host for measurement, host in named if host and measurement.lower() == "host"), 0


def hosts_named(points: Points) -> Iterator[str]:
    """The host that each point names; of DataKit's own object of the machine its name will do."""
    named = zip(points.measurements, points.named("host"), strict=True)
    for place, (measurement, host) in enumerate(named):
        yield host or (points.named("name")[place] if measurement.lower() == "host" else "")
