"""What can be asked of a statement: days of an account as instants, and the periods that are offered. Pure.

What is booked at a midnight belongs to the day that ends then: the bill of a day is booked at its last instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

PERIODS = ("days_7", "days_30", "days_90", "month", "last_month", "year")
DAYS = {"days_7": 7, "days_30": 30, "days_90": 90}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChoice:
    """One kind of transaction, one kind of account, days (both included) and a part of the reference; empty for all."""

    act: str = ""
    purse: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def leads_on(self) -> bool:
        """Whether balances lead from its beginning to its end: nothing that moved them in between is left out."""
        return not (self.act or self.text)

    def narrowed(self, zone: tzinfo) -> Narrowed:
        """The same with the instants of an account's zone."""
        return Narrowed(
            act=self.act,
            purse=self.purse,
            since=begins(self.since, zone) if self.since else None,
            until=ends(self.until, zone) if self.until else None,
            text=self.text,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """A choice by instants: what happens at `since` itself is left out, what happens at `until` is not."""

    act: str = ""
    purse: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def begins(day: date, zone: tzinfo) -> datetime:
    """The instant after which something is of this day or a later one."""
    return datetime.combine(day, time.min, zone)


def ends(day: date, zone: tzinfo) -> datetime:
    """The last instant that is of this day."""
    return begins(day + timedelta(days=1), zone)


def day_of(at: datetime, zone: tzinfo) -> date:
    """The day that an instant belongs to."""
    return (at.astimezone(zone) - timedelta(microseconds=1)).date()


def period(name: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period that is offered; each ends today but the month before this one."""
    if name in DAYS:
        return today - timedelta(days=DAYS[name] - 1), today
    if name == "month":
        return today.replace(day=1), today
    if name == "year":
        return today.replace(month=1, day=1), today
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
