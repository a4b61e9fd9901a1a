"""What stands on the paper of a month, read from its bills in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func, select
from sqlmodel import SQLModel

from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills import viewing
from guance_portal.billing.bills.frozen_text import digest
from guance_portal.billing.bills.tables import BillLineRow, BillRow
from guance_portal.billing.bills.view_queries import PAYING, BillScope
from guance_portal.billing.bills.viewing import ItemSum
from guance_portal.billing.bills.views import Month
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerTransaction
from guance_portal.payers.tables import Company, FeeAccount

_TABLES = SQLModel.metadata.tables
_B: Any = _TABLES[str(BillRow.__tablename__)].c
_L: Any = _TABLES[str(BillLineRow.__tablename__)].c
_T: Any = _TABLES[str(LedgerTransaction.__tablename__)].c
_E: Any = _TABLES[str(LedgerEntry.__tablename__)].c
_A: Any = _TABLES[str(LedgerAccount.__tablename__)].c


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWorkspace:
    """A workspace of a month: its bills, their cents, what paid them by kind, and its items."""

    id: str
    name: str
    site: str
    bills: int
    minor: int
    paid: Mapping[Kind, int]
    items: tuple[ItemSum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPaper:
    """All that a paper says. `digest` is over the bills' codes and digests, in their order.

    `collected` is what bills leave for marketplaces to collect, by cloud account.
    `number` and `chain` are those of the last transaction by which a bill of the month was paid: 0 and empty where none was.
    """

    month: Month
    currency: Currency
    zone: ZoneInfo
    account: str
    company: str
    contact: str
    workspaces: tuple[PaperWorkspace, ...]
    collected: Mapping[str, int]
    items: tuple[ItemSum, ...]
    days: tuple[tuple[date, int, int], ...]
    lists: tuple[str, ...]
    digest: str
    number: int
    chain: str

    @property
    def code(self) -> str:
        """The number of the bill."""
        return f"M{self.month.month.replace('-', '')}-{self.account}"


async def read(work: UnitOfWork, account: FeeAccount, payer: int, month: Month, zone: ZoneInfo) -> MonthPaper:
    """The paper of a month that has bills."""
    scope = BillScope(payer=payer)
    company = await work.session.get(Company, account.id)
    bills = await work.rows(_in_month(select(_B.code, _B.digests), payer, month))
    last = await work.rows(
        _in_month(select(_T.number, _T.hash), payer, month, _T.reference == _B.reference, _T.payer == _B.payer)
        .order_by(None)
        .order_by(_T.number.desc())
        .limit(1)
    )
    lists = await work.rows(
        _in_month(
            select(_L.version).distinct(), payer, month, _L.reference == _B.reference, _L.payer == _B.payer
        ).order_by(None)
    )
    return MonthPaper(
        month=month,
        currency=account.currency,
        zone=zone,
        account=account.username,
        company=company.name if company else "",
        contact=company.contact if company else "",
        workspaces=await _workspaces(work, scope, month.month),
        collected=await _collected(work, scope, month.month),
        items=tuple(viewing.item_sum(row) for row in await queries.items(work, scope, month.month)),
        days=tuple((row.day, int(row.minor), row.bills) for row in await queries.days(work, scope, month.month)),
        lists=tuple(sorted(row.version for row in lists)),
        digest=digest([[row.code, row.digests["bill"]] for row in bills]),
        number=last[0].number if last else 0,
        chain=last[0].hash.hex() if last else "",
    )


def _in_month(query: Any, payer: int, month: Month, *joined: Any) -> Any:
    """A query narrowed to the bills of a month, by day and code."""
    wanted = query.where(_B.payer == payer, _B.day.between(month.first, month.last), *joined)
    return wanted.order_by(_B.day, _B.code)


async def _workspaces(work: UnitOfWork, scope: BillScope, month: str) -> tuple[PaperWorkspace, ...]:
    """The dearest first."""
    counted = await work.rows(
        scope.of(select(_B.workspace_id, func.count().label("bills")), month).group_by(_B.workspace_id)
    )
    bills = {row.workspace_id: row.bills for row in counted}
    paid: dict[str, dict[Kind, int]] = {}
    for row in await work.rows(scope.of(_paid(), month)):
        paid.setdefault(row.workspace_id, {})[Kind(row.kind)] = int(row.minor)
    items: dict[str, list[ItemSum]] = {}
    for row in await work.rows(scope.of(_items(), month)):
        items.setdefault(row.workspace_id, []).append(viewing.item_sum(row))
    return tuple(
        PaperWorkspace(
            id=row.workspace_id,
            name=row.name,
            site=row.site,
            bills=bills[row.workspace_id],
            minor=int(row.minor),
            paid=paid.get(row.workspace_id, {}),
            items=tuple(items.get(row.workspace_id, ())),
        )
        for row in await queries.workspaces(work, scope, month)
    )


async def _collected(work: UnitOfWork, scope: BillScope, month: str) -> dict[str, int]:
    """What the bills leave for a marketplace to collect, by cloud account."""
    legs = _legs(select(_B.cloud_account_id, func.sum(_E.minor).label("minor")))
    wanted = legs.where(_A.kind == Kind.CLOUD_RECEIVABLE).group_by(_B.cloud_account_id)
    return {row.cloud_account_id: int(row.minor) for row in await work.rows(scope.of(wanted, month))}


def _items() -> Any:
    quotient = func.sum(_L.quotient - func.coalesce(_L.billed, 0)).label("quotient")
    minor = func.sum(_L.minor).label("minor")
    return (
        select(_B.workspace_id, _L.item, _L.days, _L.unit, _L.price, quotient, minor)
        .where(_L.payer == _B.payer, _L.reference == _B.reference)
        .group_by(_B.workspace_id, _L.item, _L.days, _L.unit, _L.price)
    )


def _paid() -> Any:
    minor = func.sum(_E.minor).label("minor")
    legs = _legs(select(_B.workspace_id, cast(_A.kind, String).label("kind"), minor))
    return legs.where(_A.kind.in_(PAYING)).group_by(_B.workspace_id, _A.kind)


def _legs(query: Any) -> Any:
    """The entries of the transactions that paid the bills, with their accounts."""
    return query.where(
        _T.payer == _B.payer,
        _T.reference == _B.reference,
        _E.payer == _T.payer,
        _E.number == _T.number,
        _A.payer == _E.payer,
        _A.number == _E.account,
    )


def without_names(paper: MonthPaper) -> MonthPaper:
    """The same with ids in place of what people named."""
    named = tuple(replace(one, name=one.id) for one in paper.workspaces)
    return replace(paper, company="", contact="", workspaces=named)
