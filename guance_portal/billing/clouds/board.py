"""对账: for each marketplace and billing day what is ours, what was sent, and what came of it; the difference must be zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from guance_portal.billing.clouds import queries
from guance_portal.billing.clouds.rules import BoardChoice, CloudRecordState, RecordReason
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.money import Currency
from guance_portal.sites import Provider

DAYS = timedelta(days=6)
"""How many days before today are shown unless somebody asks for others."""
MOST_DAYS = timedelta(days=92)
MOST_RECORDS = 200
_UNANSWERED = (CloudRecordState.TO_SEND, CloudRecordState.SENT)


@dataclass(slots=True)
class RecordSum:
    """So many cents on so many records."""

    minor: int = 0
    count: int = 0

    def add(self, minor: int, count: int) -> None:
        """More of them."""
        self.minor += minor
        self.count += count


@dataclass(slots=True, kw_only=True)
class RecordSums:
    """What became of records. ours = accepted + returned + difference, and difference = waiting + unknown + unpaid.

    `returned` was paid by the accounts after all, `unpaid` was refused or is too late and not booked yet, since books are
    stopped. `refused` and `late` are how the marketplaces answered, booked or not.
    """

    ours: RecordSum = field(default_factory=RecordSum)
    sent: RecordSum = field(default_factory=RecordSum)
    accepted: RecordSum = field(default_factory=RecordSum)
    refused: RecordSum = field(default_factory=RecordSum)
    late: RecordSum = field(default_factory=RecordSum)
    returned: RecordSum = field(default_factory=RecordSum)
    waiting: RecordSum = field(default_factory=RecordSum)
    unknown: RecordSum = field(default_factory=RecordSum)
    unpaid: RecordSum = field(default_factory=RecordSum)

    @property
    def difference(self) -> RecordSum:
        """What is neither accepted nor returned."""
        parts = (self.waiting, self.unknown, self.unpaid)
        return RecordSum(sum(one.minor for one in parts), sum(one.count for one in parts))

    def add(self, row: Any) -> None:
        """Records of one state."""
        sums = [self.ours]
        if row.was_sent:
            sums.append(self.sent)
        if row.state in _UNANSWERED:
            sums.append(self.waiting)
        elif row.state is CloudRecordState.UNKNOWN:
            sums.append(self.unknown)
        elif row.state is CloudRecordState.ACCEPTED:
            sums.append(self.accepted)
        else:
            sums.append(self.refused if row.state is CloudRecordState.REFUSED else self.late)
            sums.append(self.returned if row.is_booked else self.unpaid)
        for one in sums:
            one.add(int(row.minor), int(row.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """A billing day at a marketplace."""

    day: date
    listing: str
    sums: RecordSums


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A record that is open, or that an account paid after all."""

    code: str
    provider: Provider
    account_id: str
    account: str
    sent_at: datetime | None
    minor: int
    state: CloudRecordState
    reason: RecordReason | None
    said: str
    deadline_at: datetime
    attempts: int
    is_asked: bool
    is_booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What was asked for: the newest day first."""

    choice: BoardChoice
    lines: tuple[BoardLine, ...]
    total: RecordSums
    records: tuple[RecordLine, ...]
    is_cut: bool
    now: datetime


class ReconciliationBoard:
    """For operators alone: raises NotAllowedError for anybody else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def choice(
        self, since: date | None, until: date | None, currency: Currency = Currency.CNY, listing: str = ""
    ) -> BoardChoice:
        """A choice that can be read at once: a week unless said otherwise, a quarter at most."""
        until = until or self._clock.now().date()
        since = min(since or until - DAYS, until)
        return BoardChoice(since=max(since, until - MOST_DAYS), until=until, currency=currency, listing=listing)

    async def read(self, actor: Actor, choice: BoardChoice) -> Board:
        """The board; open records are shown whatever their day is."""
        actor.require(Realm.OPERATOR)
        async with self._database.reporting() as work:
            sums = await queries.sums(work, choice)
            rows = await queries.noted(work, choice, MOST_RECORDS + 1)
            owners = await queries.owners(work, {row.payer for row in rows})
        lines, total = _lines(sums)
        return Board(
            choice=choice,
            lines=lines,
            total=total,
            records=tuple(_record(row, *owners[row.payer]) for row in rows[:MOST_RECORDS]),
            is_cut=len(rows) > MOST_RECORDS,
            now=self._clock.now(),
        )


def _lines(rows: Iterable[Any]) -> tuple[tuple[BoardLine, ...], RecordSums]:
    found: dict[tuple[date, str], RecordSums] = {}
    total = RecordSums()
    for row in rows:
        found.setdefault((row.day, row.listing), RecordSums()).add(row)
        total.add(row)
    ordered = sorted(found.items(), key=lambda one: (-one[0][0].toordinal(), one[0][1]))
    return tuple(BoardLine(day=day, listing=listing, sums=sums) for (day, listing), sums in ordered), total


def _record(row: CloudRecord, account_id: str, account: str) -> RecordLine:
    return RecordLine(
        code=row.code,
        provider=row.provider,
        account_id=account_id,
        account=account,
        sent_at=row.sent_at,
        minor=row.minor,
        state=row.state,
        reason=row.reason,
        said=row.said,
        deadline_at=row.deadline_at,
        attempts=row.attempts,
        is_asked=row.next_at is not None,
        is_booked=row.booked_at is not None,
    )
