"""The SQL of 收支明细: what each transaction moved on a payer's own accounts, and what stood there afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, String, and_, bindparam, case, cast, func, select
from sqlmodel import SQLModel

from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerTransaction

OWN = (Kind.CASH, Kind.CREDIT, Kind.VOUCHER, Kind.BONUS_VOUCHER, Kind.CARD, Kind.RECEIVABLE, Kind.HOLD)
"""The accounts that a payer knows as its own."""
_TABLES = SQLModel.metadata.tables
_T: Any = _TABLES[str(LedgerTransaction.__tablename__)].c
_E: Any = _TABLES[str(LedgerEntry.__tablename__)].c
_A: Any = _TABLES[str(LedgerAccount.__tablename__)].c


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """To one kind of transaction and of account; empty for all."""

    act: str = ""
    purse: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many transactions match, and what came and went with them, in cents."""

    count: int
    came: int
    went: int


async def sums(work: UnitOfWork, payer: int, narrowed: Narrowed) -> Sums:
    """Of all that match. What lowers a debt comes, what raises it goes."""
    moved: Any = -_E.minor
    found = _own(narrowed).with_only_columns(
        func.count(_T.number.distinct()).label("transactions"),
        func.coalesce(func.sum(case((moved > 0, moved), else_=0)), 0).label("came"),
        func.coalesce(func.sum(case((moved < 0, -moved), else_=0)), 0).label("went"),
    )
    row = (await work.rows(found, payer=payer))[0]
    return Sums(int(row.transactions), int(row.came), int(row.went))


async def entries(work: UnitOfWork, payer: int, narrowed: Narrowed, paging: Paging) -> Sequence[Row[Any]]:
    """A page of transactions, the newest first, each with its entries.

    Columns: number, reference, act, at, kind, key, minor (what it brought), and rest: what stood on the account then.
    """
    page: Any = (
        _own(narrowed)
        .with_only_columns(_T.number, _T.at)
        .distinct()
        .order_by(_T.at.desc(), _T.number.desc())
        .limit(paging.size)
        .offset(paging.offset)
        .subquery()
    )
    running: Any = (
        _own(Narrowed())
        .with_only_columns(
            _T.number,
            _T.reference,
            _T.kind.label("act"),
            _T.at,
            cast(_A.kind, String).label("kind"),
            _A.key,
            (-_E.minor).label("minor"),
            (-func.sum(_E.minor).over(partition_by=_E.account, order_by=(_T.at, _T.number))).label("rest"),
        )
        .subquery()
    )
    shown: Any = select(running).join(page, page.c.number == running.c.number)
    if narrowed.purse:
        shown = shown.where(running.c.kind == narrowed.purse)
    return await work.rows(shown.order_by(running.c.at.desc(), running.c.number.desc()), payer=payer)


def _own(narrowed: Narrowed) -> Any:
    """Entries of a payer's own accounts with their transactions."""
    found: Any = (
        select(_T.number)
        .select_from(_TABLES[str(LedgerEntry.__tablename__)])
        .join(_TABLES[str(LedgerTransaction.__tablename__)], and_(_T.payer == _E.payer, _T.number == _E.number))
        .join(_TABLES[str(LedgerAccount.__tablename__)], and_(_A.payer == _E.payer, _A.number == _E.account))
        .where(_E.payer == bindparam("payer"), _A.kind.in_(OWN))
    )
    if narrowed.act:
        found = found.where(_T.kind == narrowed.act)
    if narrowed.purse:
        found = found.where(cast(_A.kind, String) == narrowed.purse)
    return found
