"""为什么变了: two days or two months of a workspace compared, by what is frozen with their bills."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from guance_portal.accounts.members.access import is_limited
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills import archive, viewing
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills.change_rules import BillChange, BilledPeriod, ChargedLine, compare
from guance_portal.billing.bills.feed import lines_of
from guance_portal.billing.bills.frozen_text import read_day
from guance_portal.billing.bills.proofs import BillHiddenError
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.billing.bills.view_queries import BillScope
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.chart import Kind
from guance_portal.metering.items import Item

_MOST_DAYS = 100
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPeriod:
    """One of the two periods: a day (2026-07-17) or a month (2026-07), and what paid its bills.

    `waiting` is the sum of the bills that are not paid yet, in cents; `length` the hours of the day or the days of the
    month that were billed; `codes` its bills, the oldest first.
    """

    name: str
    length: int
    versions: tuple[str, ...]
    paid: Mapping[Kind, int]
    waiting: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetail:
    """Two periods compared. `choices` are the periods of the same kind that have bills, the newest first.

    `has_other` says whether two of the other kind can be compared too.
    """

    currency: Currency
    workspace_id: str
    workspace: str
    site: str
    is_month: bool
    before: ComparedPeriod
    after: ComparedPeriod
    change: BillChange
    choices: tuple[str, ...]
    has_other: bool


class BillChanges:
    """For everybody who may see the bills of the workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def compare(self, actor: Actor, *, workspace_id: str, before: str, after: str) -> ChangeDetail:
        """Compare two days, or two months, of a workspace; in the console that of the session.

        An empty `after` is the latest period with bills, an empty `before` the one before `after`. Raises BillHiddenError
        where a period has no bills that this person may see, NotAllowedError.
        """
        async with self._database.reporting() as work:
            scope = await _scope(work, actor, workspace_id)
            is_month = bool(_MONTH.fullmatch(after or before))
            known = await _known(work, scope, is_month=is_month)
            after = after or (known[0] if known else "")
            before = before or next((name for name in known if name < after), "")
            if before not in known or after not in known:
                raise BillHiddenError
            others = await _known(work, scope, is_month=not is_month)
            sides = [await _bills(work, scope, name) for name in (before, after)]
            workspace = await work.session.get_one(Workspace, scope.workspace_id)
            periods = [await _period(work, bills) for bills in sides]
            told = [
                await _side(work, name, bills, period, is_month=is_month)
                for name, bills, period in zip((before, after), sides, periods, strict=True)
            ]
        change = await asyncio.to_thread(compare, periods[0], periods[1], by_month=is_month)
        shown = known if is_month else sorted({*known[:_MOST_DAYS], before, after}, reverse=True)
        return ChangeDetail(
            currency=sides[1][0].currency,
            workspace_id=workspace.id,
            workspace=workspace.name,
            site=workspace.site,
            is_month=is_month,
            before=told[0],
            after=told[1],
            change=change,
            choices=tuple(shown),
            has_other=len(others) > 1 if is_month else any(name < after[:7] for name in others),
        )


async def _scope(work: UnitOfWork, actor: Actor, workspace_id: str) -> BillScope:
    viewer = await viewing.viewer_of(work, actor)
    if viewer.scope is None:
        raise BillHiddenError
    if actor.realm is Realm.CONSOLE:
        return viewer.scope
    if not workspace_id or (is_limited(actor) and workspace_id != actor.workspace_id):
        raise BillHiddenError
    return replace(viewer.scope, workspace_id=workspace_id)


async def _known(work: UnitOfWork, scope: BillScope, *, is_month: bool) -> list[str]:
    """The periods with bills, the newest first."""
    if is_month:
        return [row.month for row in await queries.known_months(work, scope)]
    return [row.day.isoformat() for row in await queries.known_days(work, scope)]


async def _bills(work: UnitOfWork, scope: BillScope, name: str) -> list[BillRow]:
    query = scope.of(select(BillRow).order_by(col(BillRow.day), col(BillRow.code)), name[:7])
    session: Any = work.session
    found: Sequence[BillRow] = (await session.exec(query)).all()
    return [bill for bill in found if bill.day.isoformat().startswith(name)]


async def _period(work: UnitOfWork, bills: Sequence[BillRow]) -> BilledPeriod:
    lines = await lines_of(work, bills)
    said = [day for bill in bills for day in bill.inputs["days"] if day["billed"] is None]
    lists = await archive.lists(work, {day["list"]["digest"] for day in said})
    return BilledPeriod(
        lines=tuple(_line(line) for bill in bills for line in lines.get((bill.payer, bill.reference), ())),
        days=tuple(read_day(day, lists) for day in said),
    )


def _line(row: BillLineRow) -> ChargedLine:
    return ChargedLine(
        item=Item(row.item),
        quotient=row.quotient - (row.billed or 0),
        amount=Decimal(row.amount),
        minor=row.minor,
        is_late=row.billed is not None,
    )


async def _side(
    work: UnitOfWork, name: str, bills: Sequence[BillRow], period: BilledPeriod, *, is_month: bool
) -> ComparedPeriod:
    paid: dict[Kind, int] = {}
    for row in await queries.paid_of(work, [bill.code for bill in bills]):
        paid[Kind(row.kind)] = paid.get(Kind(row.kind), 0) + int(row.minor)
    hours = [day.hours for day in period.days]
    return ComparedPeriod(
        name=name,
        length=len({day.day for day in period.days}) if is_month else max(hours, default=0),
        versions=tuple(dict.fromkeys(day.prices.version for day in period.days)),
        paid=paid,
        waiting=sum(bill.minor for bill in bills if bill.state is BillState.WAITING),
        codes=tuple(bill.code for bill in bills),
    )
