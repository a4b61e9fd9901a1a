"""The SQL of 收支明细: what each transaction moved on a payer's own accounts, and what stood there afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, String, and_, case, cast, exists, func, or_, select, text, true
from sqlmodel import SQLModel

from guance_portal.core.bulk import Kinds, select_for_rows
from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerDay, LedgerEntry, LedgerHead, LedgerTransaction
from guance_portal.wallet.statement_rules import Narrowed

OWN = (Kind.CASH, Kind.CREDIT, Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD, Kind.RECEIVABLE, Kind.HOLD)
"""The accounts that a payer knows as its own."""
_TABLES = SQLModel.metadata.tables
_T: Any = _TABLES[str(LedgerTransaction.__tablename__)].c
_E: Any = _TABLES[str(LedgerEntry.__tablename__)].c
_A: Any = _TABLES[str(LedgerAccount.__tablename__)].c
_D: Any = _TABLES[str(LedgerDay.__tablename__)].c
_H: Any = _TABLES[str(LedgerHead.__tablename__)].c
_MOVED: Any = -_E.minor
_PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Sums:
    """How many transactions match, what came and went with them, and what stood there before, in cents."""

    count: int
    came: int
    went: int
    before: int = 0


async def hold_still(work: UnitOfWork) -> None:
    """Have every statement of a unit of work see the same rows: those of its beginning. SQLite does so by itself."""
    connection = await work.session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


async def head(work: UnitOfWork, payer: int) -> tuple[int, bytes]:
    """The number and the hash of a payer's last transaction."""
    row = (await work.rows(select(_H.transactions, _H.hash).where(_H.payer == payer)))[0]
    return row.transactions, row.hash


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a payer: those of its own that are asked for, by number, and those that are not its own.

    `can_be_passed_by` where a transaction may move none of those that are asked for.
    """

    asked: dict[int, Row[Any]]
    others: tuple[int, ...]
    is_narrowed: bool
    can_be_passed_by: bool

    @property
    def entries(self) -> Any:
        """The condition that an entry moves one that is asked for."""
        return _E.account.in_(sorted(self.asked)) if self.is_narrowed else _E.account.not_in(self.others)


_BY_THEMSELVES = frozenset({Kind.CLOUD_RECEIVABLE, Kind.CLOUD, Kind.PACKAGE, Kind.INVOICED})
"""Only a payer that has one of these can have transactions that move none of its own accounts."""


async def accounts(work: UnitOfWork, payer: int, narrowed: Narrowed) -> Accounts:
    """The accounts of a payer, once for all that is asked."""
    rows = await work.rows(select(_A.number, cast(_A.kind, String).label("kind"), _A.key).where(_A.payer == payer))
    own = {row.number: row for row in rows if row.kind in OWN}
    return Accounts(
        asked={number: row for number, row in own.items() if row.kind == narrowed.purse or not narrowed.purse},
        others=tuple(row.number for row in rows if row.number not in own),
        is_narrowed=bool(narrowed.purse),
        can_be_passed_by=bool(narrowed.purse) or any(row.kind in _BY_THEMSELVES for row in rows),
    )


async def sums(work: UnitOfWork, payer: int, narrowed: Narrowed, among: Accounts) -> Sums:
    """Of all that match. What lowers a debt comes, what raises it goes."""
    found: Any = select(
        func.coalesce(func.sum(case((_MOVED > 0, _MOVED), else_=0)), 0).label("came"),
        func.coalesce(func.sum(case((_MOVED < 0, -_MOVED), else_=0)), 0).label("went"),
    ).where(_E.payer == payer, among.entries)
    if conditions := _matching(narrowed):
        found = found.join(
            _TABLES[str(LedgerTransaction.__tablename__)], and_(_T.payer == payer, _T.number == _E.number)
        ).where(*conditions)
    row = (await work.rows(found))[0]
    listed = _listed(payer, narrowed, among).subquery()
    count = (await work.rows(select(func.count().label("all")).select_from(listed)))[0].all
    before = await stood(work, payer, among, narrowed.since) if narrowed.since else {}
    return Sums(count, int(row.came), int(row.went), -sum(before.values()))


async def stood(work: UnitOfWork, payer: int, among: Accounts, at: datetime) -> dict[int, int]:
    """What stood at an instant on each account that is asked for, by its number; as the ledger has it."""
    day = at.astimezone(UTC).date()
    whole: Any = (
        select(_D.account, func.sum(_D.minor).label("minor"))
        .where(_D.payer == payer, _D.day < day)
        .group_by(_D.account)
    )
    part: Any = (
        select(_E.account, func.sum(_E.minor).label("minor"))
        .join(_TABLES[str(LedgerTransaction.__tablename__)], and_(_T.payer == _E.payer, _T.number == _E.number))
        .where(_E.payer == payer, _T.payer == payer, _T.at >= _midnight(day), _T.at <= at)
        .group_by(_E.account)
    )
    found: dict[int, int] = {}
    for query in (whole, part):
        for row in await work.rows(query):
            if row.account in among.asked:
                found[row.account] = found.get(row.account, 0) + int(row.minor)
    return found


async def page(
    work: UnitOfWork, payer: int, narrowed: Narrowed, among: Accounts, paging: Paging
) -> list[tuple[Row[Any], int]]:
    """A page of transactions, the newest first: each entry with what stood on its account then (as the ledger has it).

    Columns: number, reference, act, at, account, minor (what it brought).
    """
    listed = _listed(payer, narrowed, among).order_by(_T.at.desc(), _T.number.desc())
    numbers = [row.number for row in await work.rows(listed.limit(paging.size).offset(paging.offset))]
    if not numbers:
        return []
    shown = _entries(payer).where(_T.number.in_(numbers), _E.number.in_(numbers), among.entries)
    rows = await work.rows(shown.order_by(_T.at.desc(), _T.number.desc(), _E.account))
    rests = await _rests(work, payer, rows)
    return [(row, rests[row.number, row.account]) for row in rows]


async def portion(
    work: UnitOfWork, payer: int, narrowed: Narrowed, after: tuple[datetime, int] | None
) -> Sequence[Row[Any]]:
    """The next transactions between the instants, the oldest first; none are left once it is empty.

    Columns: number, reference, act, at, and is_shown: whether it matches everything else that is asked for. They are asked
    for by their places, which the database finds by an index however many there are.
    """
    conditions = _matching(Narrowed(since=narrowed.since, until=narrowed.until))
    if after:
        at, number = after
        conditions += [_T.at >= at, or_(_T.at > at, _T.number > number)]
    matches: Any = and_(true(), *_matching(narrowed))
    found: Any = select(_T.number, _T.reference, _T.kind.label("act"), _T.at, matches.label("is_shown"))
    return await work.rows(found.where(_T.payer == payer, *conditions).order_by(_T.at, _T.number).limit(_PORTION))


async def moves(work: UnitOfWork, payer: int, numbers: Collection[int], among: Accounts) -> dict[int, list[Row[Any]]]:
    """What transactions moved on the accounts that are asked for, by number. Columns: number, account, minor."""
    first, last = min(numbers), max(numbers)
    is_dense = last - first < 2 * len(numbers)
    wanted = _E.number.between(first, last) if is_dense else _E.number.in_(sorted(numbers))
    found: dict[int, list[Row[Any]]] = {}
    query: Any = select(_E.number, _E.account, _MOVED.label("minor")).where(_E.payer == payer, wanted)
    for row in await work.rows(query.order_by(_E.number, _E.account)):
        if row.account in among.asked:
            found.setdefault(row.number, []).append(row)
    return found


def _entries(payer: int) -> Any:
    return (
        select(_T.number, _T.reference, _T.kind.label("act"), _T.at, _E.account, _MOVED.label("minor"))
        .select_from(_TABLES[str(LedgerTransaction.__tablename__)])
        .join(_TABLES[str(LedgerEntry.__tablename__)], and_(_E.payer == _T.payer, _E.number == _T.number))
        .where(_T.payer == payer, _E.payer == payer)
    )


def _listed(payer: int, narrowed: Narrowed, among: Accounts) -> Any:
    """The transactions that match and moved an account that is asked for."""
    found = select(_T.number).where(_T.payer == payer, *_matching(narrowed))
    if among.can_be_passed_by:
        # The offset keeps PostgreSQL from joining all entries before it takes the first page.
        moved = select(_E.number).where(_E.payer == payer, _E.number == _T.number, among.entries).offset(0)
        found = found.where(exists(moved.correlate(_TABLES[str(LedgerTransaction.__tablename__)])))
    return found


def _matching(narrowed: Narrowed) -> list[Any]:
    found: list[Any] = []
    if narrowed.since:
        found.append(_T.at > narrowed.since)
    if narrowed.until:
        found.append(_T.at <= narrowed.until)
    if narrowed.act:
        found.append(_T.kind == narrowed.act)
    if narrowed.text:
        found.append(_said(narrowed.text))
    return found


def _said(asked: str) -> Any:
    """Part of the reference in any case, or the number of the transaction."""
    part: Any = _T.reference.icontains(asked, autoescape=True)
    number = asked.removeprefix("#")
    return or_(part, _T.number == int(number)) if number.isascii() and number.isdigit() and len(number) < 15 else part


async def _rests(work: UnitOfWork, payer: int, rows: Sequence[Row[Any]]) -> dict[tuple[int, int], int]:
    """What stood on the account of each row after its transaction, by number and account.

    Days (UTC) before that of the transaction are summed by day, and only the days that are shown by their transactions:
    neither the length of the history nor what is left out of the page counts.
    """
    of_day: dict[date, tuple[set[int], set[int]]] = {}
    for row in rows:
        numbers, accounts = of_day.setdefault(row.at.astimezone(UTC).date(), (set(), set()))
        numbers.add(row.number)
        accounts.add(row.account)
    opening = await _opening(work, payer, {(account, day) for day, (_, some) in of_day.items() for account in some})
    found: dict[tuple[int, int], int] = {}
    for day, (numbers, accounts) in of_day.items():
        for row in await _running(work, payer, day, accounts, numbers):
            found[row.number, row.account] = -(opening.get((row.account, day), 0) + int(row.minor))
    return found


_DAY: Kinds = (("payer", "bigint"), ("account", "bigint"), ("day", "date"))
_OPENING = (
    "SELECT r.account, CAST(r.day AS varchar) AS day, sum(d.minor) AS minor FROM {rows} JOIN ledger_days d"
    " ON d.payer = r.payer AND d.account = r.account AND d.day < r.day GROUP BY r.account, r.day"
)


async def _opening(work: UnitOfWork, payer: int, asked: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    rows = [{"payer": payer, "account": account, "day": day.isoformat()} for account, day in sorted(asked)]
    found = await select_for_rows(await work.session.connection(), rows, _DAY, _OPENING)
    return {(row.account, date.fromisoformat(row.day)): int(row.minor) for row in found}


async def _running(
    work: UnitOfWork, payer: int, day: date, accounts: Collection[int], numbers: Collection[int]
) -> Sequence[Row[Any]]:
    """What the transactions of a day had moved on accounts after each of some of them: number, account, minor."""
    moved: Any = func.sum(_E.minor).over(partition_by=_E.account, order_by=(_T.at, _T.number))
    running: Any = (
        select(_T.number, _E.account, moved.label("minor"))
        .select_from(_TABLES[str(LedgerTransaction.__tablename__)])
        .join(_TABLES[str(LedgerEntry.__tablename__)], and_(_E.payer == _T.payer, _E.number == _T.number))
        .where(
            _T.payer == payer,
            _E.payer == payer,
            _T.at >= _midnight(day),
            _T.at < _midnight(day + timedelta(days=1)),
            _E.account.in_(sorted(accounts)),
        )
        .subquery()
    )
    return await work.rows(select(running).where(running.c.number.in_(sorted(numbers))))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
