"""The SQL of bills as pages show them. Sums are of cents; a month is the first seven characters of the bill's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlmodel
from sqlalchemy import Row, String, case, cast, func, select
from sqlmodel import SQLModel, col

from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerTransaction
from guance_portal.payers.tables import CloudAccount

PAYING = (
    Kind.CREDIT,
    Kind.VOUCHER,
    Kind.BONUS_VOUCHER,
    Kind.CARD,
    Kind.CASH,
    Kind.RECEIVABLE,
    Kind.CLOUD_RECEIVABLE,
)
"""What can pay a bill, in the order in which it does."""
_TABLES = SQLModel.metadata.tables
_T: Any = _TABLES[str(LedgerTransaction.__tablename__)].c
_E: Any = _TABLES[str(LedgerEntry.__tablename__)].c
_A: Any = _TABLES[str(LedgerAccount.__tablename__)].c
_B: Any = _TABLES[str(BillRow.__tablename__)].c
_L: Any = _TABLES[str(BillLineRow.__tablename__)].c
_MONTH: Any = func.substr(cast(_B.day, String), 1, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillScope:
    """Whose bills: of a payer, of a workspace, or of both; at least one of them is set."""

    payer: int | None = None
    workspace_id: str = ""

    def __post_init__(self) -> None:
        if self.payer is None and not self.workspace_id:
            raise ValueError("bills of nobody")

    def of(self, query: Any, month: str = "") -> Any:
        """The query narrowed to these bills, and to a month."""
        if self.payer is not None:
            query = query.where(_B.payer == self.payer)
        if self.workspace_id:
            query = query.where(_B.workspace_id == self.workspace_id)
        return query.where(month == _MONTH) if month else query


async def months(work: UnitOfWork, scope: BillScope) -> Sequence[Row[Any]]:
    """Columns month, method, cloud_account_id, minor, bills, first, last, waiting."""
    query = (
        select(
            _MONTH.label("month"),
            _B.method,
            _B.cloud_account_id,
            func.sum(_B.minor).label("minor"),
            func.count().label("bills"),
            func.min(_B.day).label("first"),
            func.max(_B.day).label("last"),
            func.sum(case((_B.state == BillState.WAITING, 1), else_=0)).label("waiting"),
        )
        .group_by(_MONTH, _B.method, _B.cloud_account_id)
        .order_by(_MONTH.desc())
    )
    return await work.rows(scope.of(query))


async def paid(work: UnitOfWork, scope: BillScope, month: str = "") -> Sequence[Row[Any]]:
    """What paid the bills: columns month, kind, minor."""
    query = (
        select(_MONTH.label("month"), cast(_A.kind, String).label("kind"), func.sum(_E.minor).label("minor"))
        .select_from(_legs())
        .where(_A.kind.in_(PAYING))
        .group_by(_MONTH, _A.kind)
    )
    return await work.rows(scope.of(query, month))


async def paid_bills(work: UnitOfWork, scope: BillScope, month: str) -> Sequence[Row[Any]]:
    """What paid each bill of a month: columns code, kind, minor."""
    return await work.rows(scope.of(_paid_bills(), month))


async def paid_of(work: UnitOfWork, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """What paid each of these bills: columns code, kind, minor."""
    return await work.rows(_paid_bills().where(_B.code.in_(codes))) if codes else []


async def days(work: UnitOfWork, scope: BillScope, month: str) -> Sequence[Row[Any]]:
    """Columns day, minor, bills."""
    query = select(_B.day, func.sum(_B.minor).label("minor"), func.count().label("bills"))
    return await work.rows(scope.of(query, month).group_by(_B.day).order_by(_B.day))


async def workspaces(work: UnitOfWork, scope: BillScope, month: str) -> Sequence[Row[Any]]:
    """Columns workspace_id, name, site, minor, the dearest first."""
    query = (
        select(_B.workspace_id, col(Workspace.name), col(Workspace.site), func.sum(_B.minor).label("minor"))
        .join(Workspace, col(Workspace.id) == _B.workspace_id)
        .group_by(_B.workspace_id, col(Workspace.name), col(Workspace.site))
    )
    return await work.rows(scope.of(query, month).order_by(func.sum(_B.minor).desc(), _B.workspace_id))


async def items(work: UnitOfWork, scope: BillScope, month: str, day: date | None = None) -> Sequence[Row[Any]]:
    """Of a month, or of one of its days: columns item, days, unit, price, quotient (hundredths; late ones less what was billed), minor."""
    quotient = func.sum(_L.quotient - func.coalesce(_L.billed, 0)).label("quotient")
    query = (
        select(_L.item, _L.days, _L.unit, _L.price, quotient, func.sum(_L.minor).label("minor"))
        .select_from(_lines())
        .group_by(_L.item, _L.days, _L.unit, _L.price)
    )
    return await work.rows(scope.of(query if day is None else query.where(_B.day == day), month))


async def day_items(work: UnitOfWork, scope: BillScope, month: str) -> Sequence[Row[Any]]:
    """What the bills of each day of a month have for each item: columns day, item, minor."""
    query = select(_B.day, _L.item, func.sum(_L.minor).label("minor")).select_from(_lines()).group_by(_B.day, _L.item)
    return await work.rows(scope.of(query, month))


async def daily(work: UnitOfWork, scope: BillScope, first: date) -> Sequence[Row[Any]]:
    """What each day cost from one on: columns day, minor."""
    query = select(_B.day, func.sum(_B.minor).label("minor")).where(_B.day >= first).group_by(_B.day)
    return await work.rows(scope.of(query).order_by(_B.day))


async def known_months(work: UnitOfWork, scope: BillScope) -> Sequence[Row[Any]]:
    """Column month, of every month with bills, the newest first."""
    return await work.rows(scope.of(select(_MONTH.label("month")).distinct()).order_by(_MONTH.desc()))


async def known_days(work: UnitOfWork, scope: BillScope) -> Sequence[Row[Any]]:
    """Column day, of every day with bills, the newest first."""
    return await work.rows(scope.of(select(_B.day).distinct()).order_by(_B.day.desc()))


async def bills(work: UnitOfWork, scope: BillScope, month: str) -> Sequence[Row[Any]]:
    """Columns code, day, kind, state, minor, currency, workspace_id, name, site; the newest first."""
    query = select(
        _B.code,
        _B.day,
        cast(_B.kind, String).label("kind"),
        cast(_B.state, String).label("state"),
        _B.minor,
        _B.currency,
        _B.workspace_id,
        col(Workspace.name),
        col(Workspace.site),
    ).join(Workspace, col(Workspace.id) == _B.workspace_id)
    return await work.rows(scope.of(query, month).order_by(_B.day.desc(), col(Workspace.name), _B.code))


async def beside(work: UnitOfWork, bill: BillRow) -> tuple[Row[Any] | None, Row[Any] | None]:
    """The bills before and after one of the same workspace and payer: code and minor of each, if there is one."""
    same = select(_B.code, _B.minor).where(
        _B.workspace_id == bill.workspace_id, _B.payer == bill.payer, _B.kind == bill.kind
    )
    before = await work.rows(same.where(_B.day < bill.day).order_by(_B.day.desc()).limit(1))
    after = await work.rows(same.where(_B.day > bill.day).order_by(_B.day).limit(1))
    return (before[0] if before else None), (after[0] if after else None)


async def clouds(work: UnitOfWork, ids: Sequence[str]) -> dict[str, str]:
    """Cloud accounts as people see them."""
    found = sqlmodel.select(CloudAccount).where(col(CloudAccount.id).in_(ids))
    return {row.id: row.shown for row in (await work.session.exec(found)).all()} if ids else {}


def _lines() -> Any:
    """Bills with their lines."""
    return _TABLES[str(BillRow.__tablename__)].join(
        _TABLES[str(BillLineRow.__tablename__)], (_L.payer == _B.payer) & (_L.reference == _B.reference)
    )


def _paid_bills() -> Any:
    return (
        select(_B.code, cast(_A.kind, String).label("kind"), func.sum(_E.minor).label("minor"))
        .select_from(_legs())
        .where(_A.kind.in_(PAYING))
        .group_by(_B.code, _A.kind)
    )


def _legs() -> Any:
    """Bills with the entries of their transactions."""
    return (
        _TABLES[str(BillRow.__tablename__)]
        .join(_TABLES[str(LedgerTransaction.__tablename__)], (_T.payer == _B.payer) & (_T.reference == _B.reference))
        .join(_TABLES[str(LedgerEntry.__tablename__)], (_E.payer == _T.payer) & (_E.number == _T.number))
        .join(_TABLES[str(LedgerAccount.__tablename__)], (_A.payer == _E.payer) & (_A.number == _E.account))
    )
