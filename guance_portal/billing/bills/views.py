"""Bills as pages show them: months, the days of a month, and one bill with its lines and who paid it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlmodel import col, select

from guance_portal.accounts.members.access import MANAGERS, is_limited, require_role
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills import view_queries as queries
from guance_portal.billing.bills.proofs import readable, sees_purses
from guance_portal.billing.bills.tables import BillLineRow, BillRow, BillState
from guance_portal.billing.bills.view_queries import BillScope
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.money import EXACT, Currency
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.chart import Kind
from guance_portal.payers import home
from guance_portal.payers import queries as payers
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount
from guance_portal.wallet import plan_text
from guance_portal.wallet import queries as wallet
from guance_portal.wallet.rules import BillPlan, Means

_FINAL_ON = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one method pays of a month; `cloud` is the cloud account as people see it."""

    method: SettlementMethod
    cloud: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDetail:
    """A month by days, workspaces and items, with its bills."""

    currency: Currency
    month: Month
    before: int | None
    days: tuple[tuple[date, int, int], ...]
    workspaces: tuple[tuple[str, str, int], ...]
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


@dataclass(frozen=True, slots=True)
class _Viewer:
    """Whose bills somebody looks at."""

    currency: Currency
    zone: ZoneInfo
    scope: BillScope | None = field(default=None)


def final_at(month: str, zone: ZoneInfo) -> datetime:
    """When a month's bill is final: the 4th of the next month, 00:00 in the payer's zone."""
    first = date.fromisoformat(f"{month}-01")
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=_FINAL_ON)
    return datetime.combine(following, time.min, zone)


class BillViews:
    """For the fee-centre account, for a session limited to one workspace, and for owner and administrators in the console.

    Every method raises NotAllowedError.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def months(self, actor: Actor) -> Months:
        """Every month."""
        async with self._database.reporting() as work:
            viewer = await _viewer(work, actor)
            found = await self._months(work, viewer)
        return Months(currency=viewer.currency, months=tuple(found))

    async def month(self, actor: Actor, month: str) -> MonthDetail | None:
        """One month; None where there are no bills of it."""
        async with self._database.reporting() as work:
            viewer = await _viewer(work, actor)
            found = await self._months(work, viewer)
            places = [place for place, one in enumerate(found) if one.month == month]
            if not places or viewer.scope is None:
                return None
            scope, here = viewer.scope, places[0]
            return MonthDetail(
                currency=viewer.currency,
                month=found[here],
                before=found[here + 1].minor if here + 1 < len(found) else None,
                days=tuple((row.day, int(row.minor), row.bills) for row in await queries.days(work, scope, month)),
                workspaces=tuple(
                    (row.name, row.site, int(row.minor)) for row in await queries.workspaces(work, scope, month)
                ),
                items=tuple(_item(row) for row in await queries.items(work, scope, month)),
                bills=tuple(await _listed(work, scope, month)),
            )

    async def bill(self, actor: Actor, code: str) -> BillDetail:
        """One bill; raises BillHiddenError."""
        async with self._database.reading() as work:
            row = await readable(work, actor, code)
            return await _detail(work, row, sees=sees_purses(actor))

    async def _months(self, work: UnitOfWork, viewer: _Viewer) -> list[Month]:
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


async def _viewer(work: UnitOfWork, actor: Actor) -> _Viewer:
    if actor.realm is Realm.CONSOLE:
        await require_role(work, actor, MANAGERS)
        account_id = await payers.payer_of(work, actor.workspace_id)
        workspace_id = actor.workspace_id
    else:
        actor.require(Realm.FEE_CENTER)
        account_id, workspace_id = actor.subject_id, actor.workspace_id if is_limited(actor) else ""
    account = await payers.account(work, account_id) if account_id else None
    if account is None:
        return _Viewer(Currency.CNY, ZoneInfo("UTC"))
    zone = (await home.zones_of(work, [account]))[account.id]
    payer = await ledger.payer_of(work, account.id)
    if payer is None:
        return _Viewer(account.currency, zone)
    # The console shows all bills of the workspace, also those that another account paid.
    scope = BillScope(workspace_id=workspace_id, payer=None if actor.realm is Realm.CONSOLE else payer)
    return _Viewer(account.currency, zone, scope)


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
            Share(method=row.method, cloud=clouds.get(row.cloud_account_id or "", ""), minor=int(row.minor))
            for row in sorted(rows, key=lambda one: (str(one.method) != "enterprise", str(one.method)))
        ),
        paid=paid,
    )


def _item(row: Row[Any]) -> ItemSum:
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


async def _listed(work: UnitOfWork, scope: BillScope, month: str) -> list[ListedBill]:
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
