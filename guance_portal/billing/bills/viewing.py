"""Whose bills somebody looks at, and what lists of bills show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from guance_portal.accounts.members.access import MANAGERS, is_limited, require_role
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills.forecast_rules import last_of
from guance_portal.billing.bills.view_queries import BillScope
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import UnitOfWork
from guance_portal.core.money import EXACT, Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import queries as payers

_FINAL_ON = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSum:
    """One item at one price over a month: the sum of its quotients, the exact amount, and the cents of the bills."""

    item: str
    days: int | None
    unit: int
    price: Decimal
    quotient: Decimal
    exact: Decimal
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBill:
    """A bill in a list, with what paid it."""

    code: str
    day: date
    kind: str
    is_waiting: bool
    minor: int
    workspace: str
    site: str
    paid: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class BillViewer:
    """Whose bills somebody looks at."""

    currency: Currency
    zone: ZoneInfo
    scope: BillScope | None = field(default=None)


def final_at(month: str, zone: ZoneInfo) -> datetime:
    """When a month's bill is final: the 4th of the next month, 00:00 in the payer's zone."""
    following = last_of(date.fromisoformat(f"{month}-01")) + timedelta(days=_FINAL_ON)
    return datetime.combine(following, time.min, zone)


async def viewer_of(work: UnitOfWork, actor: Actor) -> BillViewer:
    """Who looks; raises NotAllowedError."""
    if actor.realm is Realm.CONSOLE:
        await require_role(work, actor, MANAGERS)
        account_id = await payers.payer_of(work, actor.workspace_id)
        workspace_id = actor.workspace_id
    else:
        actor.require(Realm.FEE_CENTER)
        account_id, workspace_id = actor.subject_id, actor.workspace_id if is_limited(actor) else ""
    account = await payers.account(work, account_id) if account_id else None
    if account is None:
        return BillViewer(Currency.CNY, ZoneInfo("UTC"))
    zone = account.zone
    payer = await ledger.payer_of(work, account.id)
    if payer is None:
        return BillViewer(account.currency, zone)
    # The console shows all bills of the workspace, also those that another account paid.
    scope = BillScope(workspace_id=workspace_id, payer=None if actor.realm is Realm.CONSOLE else payer)
    return BillViewer(account.currency, zone, scope)


def item_sum(row: Row[Any]) -> ItemSum:
    """An item of a month, as `queries.items` tells it."""
    quotient, price = EXACT.scaleb(Decimal(int(row.quotient)), -2), Decimal(row.price)
    return ItemSum(
        item=row.item,
        days=row.days,
        unit=row.unit,
        price=price,
        quotient=quotient,
        exact=EXACT.multiply(quotient, price),
        minor=int(row.minor),
    )


async def listed(work: UnitOfWork, scope: BillScope, month: str) -> list[ListedBill]:
    """The bills of a month, the newest first."""
    rows = await queries.bills(work, scope, month)
    paid: dict[str, dict[Kind, int]] = {}
    for row in await queries.paid_bills(work, scope, month):
        paid.setdefault(row.code, {})[Kind(row.kind)] = int(row.minor)
    return [
        ListedBill(
            code=row.code,
            day=row.day,
            kind=row.kind,
            is_waiting=row.state == "waiting",
            minor=row.minor,
            workspace=row.name,
            site=row.site,
            paid=paid.get(row.code, {}),
        )
        for row in rows
    ]
