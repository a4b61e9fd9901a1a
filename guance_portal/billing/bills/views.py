"""Bills as pages show them: months, the days of a month, and one bill with its lines and who paid it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlmodel import col, select

from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills import viewing
from guance_portal.billing.bills.proofs import readable, sees_purses
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.billing.bills.viewing import BillViewer, ItemSum, ListedBill, final_at
from guance_portal.core.actor import Actor
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import plan_text
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.rules import BillPlan, Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one method pays of a month; `cloud` is the cloud account as people see it, which two may share."""

    method: SettlementMethod
    cloud: str
    cloud_account_id: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month (2026-07): what each method pays, and from what the fee-centre account paid. Final from `final_at` on."""

    month: str
    minor: int
    bills: int
    first: date
    last: date
    final_at: datetime
    is_final: bool
    waiting: int
    shares: tuple[Share, ...]
    paid: Mapping[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Every month with bills, the newest first."""

    currency: Currency
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDetail:
    """A month by days, workspaces and items, with its bills. `had_before` are the workspaces with bills in the month before it."""

    currency: Currency
    month: Month
    before: int | None
    days: tuple[tuple[date, int, int], ...]
    workspaces: tuple[tuple[str, str, str, int], ...]
    had_before: frozenset[str]
    items: tuple[ItemSum, ...]
    bills: tuple[ListedBill, ...]


DetailLine: TypeAlias = BillLineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDetail:
    """One bill. `plan` is None while it waits; `had` is None also for who may not see the purses."""

    bill: BillRow
    workspace: str
    account: str
    cloud: str
    lines: tuple[BillLineRow, ...]
    plan: BillPlan | None
    had: Means | None
    transaction: int | None
    before: tuple[str, int] | None
    after: str
    sees_purses: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it is not paid yet (待扣款)."""
        return self.bill.state is BillState.WAITING


class BillViews:
    """For the fee-centre account, for a session limited to one workspace, and for owner and administrators in the console.

    Every method raises NotAllowedError.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def months(self, actor: Actor) -> Months:
        """Every month."""
        async with self._database.reporting() as work:
            viewer = await viewing.viewer_of(work, actor)
            found = await self.months_in(work, viewer)
        return Months(currency=viewer.currency, months=tuple(found))

    async def month(self, actor: Actor, month: str) -> MonthDetail | None:
        """One month; None where there are no bills of it."""
        async with self._database.reporting() as work:
            viewer = await viewing.viewer_of(work, actor)
            found = await self.months_in(work, viewer)
            places = [place for place, one in enumerate(found) if one.month == month]
            if not places or viewer.scope is None:
                return None
            scope, here = viewer.scope, places[0]
            before = found[here + 1] if here + 1 < len(found) else None
            return MonthDetail(
                currency=viewer.currency,
                month=found[here],
                before=before.minor if before else None,
                had_before=frozenset(row.workspace_id for row in await queries.workspaces(work, scope, before.month))
                if before
                else frozenset(),
                days=tuple((row.day, int(row.minor), row.bills) for row in await queries.days(work, scope, month)),
                workspaces=tuple(
                    (row.workspace_id, row.name, row.site, int(row.minor))
                    for row in await queries.workspaces(work, scope, month)
                ),
                items=tuple(viewing.item_sum(row) for row in await queries.items(work, scope, month)),
                bills=tuple(await viewing.listed(work, scope, month)),
            )

    async def bill(self, actor: Actor, code: str) -> BillDetail:
        """One bill; raises BillHiddenError."""
        async with self._database.reading() as work:
            row = await readable(work, actor, code)
            return await _detail(work, row, sees=sees_purses(actor))

    async def months_in(self, work: UnitOfWork, viewer: BillViewer) -> list[Month]:
        """Every month of these bills, the newest first."""
        if viewer.scope is None:
            return []
        rows = await queries.months(work, viewer.scope)
        shown = await queries.clouds(work, [row.cloud_account_id for row in rows if row.cloud_account_id])
        paid: dict[str, dict[Kind, int]] = {}
        for row in await queries.paid(work, viewer.scope):
            paid.setdefault(row.month, {})[Kind(row.kind)] = int(row.minor)
        grouped: dict[str, list[Row[Any]]] = {}
        for row in rows:
            grouped.setdefault(row.month, []).append(row)
        now = self._clock.now()
        return [
            _month(month, of, shown, paid.get(month, {}), zone=viewer.zone, now=now) for month, of in grouped.items()
        ]


def _month(
    month: str,
    rows: Sequence[Row[Any]],
    clouds: Mapping[str, str],
    paid: Mapping[Kind, int],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Month:
    ends = final_at(month, zone)
    return Month(
        month=month,
        minor=sum(int(row.minor) for row in rows),
        bills=sum(row.bills for row in rows),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
        final_at=ends,
        is_final=now >= ends,
        waiting=sum(int(row.waiting) for row in rows),
        shares=tuple(
            Share(
                method=row.method,
                cloud=clouds.get(row.cloud_account_id or "", ""),
                cloud_account_id=row.cloud_account_id or "",
                minor=int(row.minor),
            )
            for row in sorted(rows, key=lambda one: (str(one.method) != "enterprise", str(one.method)))
        ),
        paid=paid,
    )


async def _detail(work: UnitOfWork, row: BillRow, *, sees: bool) -> BillDetail:
    found = select(BillLineRow).where(col(BillLineRow.payer) == row.payer, col(BillLineRow.reference) == row.reference)
    lines = (await work.session.exec(found.order_by(col(BillLineRow.place)))).all()
    workspace = await work.session.get_one(Workspace, row.workspace_id)
    account = await work.session.get_one(FeeAccount, row.fee_account_id)
    clouds = await queries.clouds(work, [row.cloud_account_id] if row.cloud_account_id else [])
    plan = await wallet.plan(work, row.payer, row.reference)
    posted = await ledger.by_reference(work, [{"payer": row.payer, "reference": row.reference}])
    before, after = await queries.beside(work, row)
    return BillDetail(
        bill=row,
        workspace=workspace.name,
        account=account.username,
        cloud=clouds.get(row.cloud_account_id or "", ""),
        lines=tuple(lines),
        plan=plan_text.read(plan.plan, row.currency) if plan else None,
        had=plan_text.read_means(row.had) if row.had and sees else None,
        transaction=posted[0].number if posted else None,
        before=(before.code, before.minor) if before else None,
        after=after.code if after else "",
        sees_purses=sees,
    )
