"""Who is closed together: the workspaces of a shard of payers whose day ends at an instant, and their late use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guance_portal import sites
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Workspace
from guance_portal.billing.bills.calendar import day_ending
from guance_portal.billing.bills.rules import Quantity
from guance_portal.core.bulk import Kinds, select_for_rows
from guance_portal.core.db import Moment, UnitOfWork
from guance_portal.core.money import Currency
from guance_portal.ledger.tables import LedgerHead
from guance_portal.metering.items import Item
from guance_portal.metering.rules import is_hourly, shown_for_a_day
from guance_portal.metering.tables import Meter
from guance_portal.payers.rules import SettlementMethod
from guance_portal.payers.tables import FeeAccount, PayerPeriod
from guance_portal.sites import Site
from guance_portal.sites.provider import PLACES

SHARD = 256
"""Payers whose days are closed in one transaction: so many heads it holds, so long may a payment wait for one of them."""
LATE_FOR = timedelta(days=36)
"""A dissolved workspace, and one that another account pays for now, can have late use for so many days."""


def shard_of(payer: int) -> int:
    """The shard that a payer belongs to."""
    return payer // SHARD


def payers_of(shard: int) -> tuple[int, int]:
    """The first and the last payer of a shard."""
    return shard * SHARD, shard * SHARD + SHARD - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledWorkspace:
    """A workspace on the day that ends, with who pays that day.

    `is_former`: another account pays that day, and this one has late use of earlier days alone.
    """

    workspace_id: str
    site: Site
    day: date
    payer: int
    fee_account_id: str
    currency: Currency
    method: SettlementMethod
    cloud_account_id: str | None
    dissolved_at: datetime | None
    is_former: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the day is billed: a dissolved workspace has late use alone."""
        if self.is_former:
            return False
        return self.dissolved_at is None or self.dissolved_at.astimezone(self.site.zone).date() >= self.day

    @property
    def listing(self) -> str:
        """The marketplace listing that collects; empty where the payer itself pays."""
        return f"{self.method.provider}-{PLACES[self.currency]}" if self.method.provider else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What came late for one item of one day; `bill` is the reference of the bill that has it, empty for none yet."""

    workspace_id: str
    day: date
    item: Item
    on_day: date
    quantity: int
    highest: int
    received_at: datetime
    bill: str = ""


def grown(usage: Mapping[Item, Any], later: Iterable[Late]) -> dict[Item, Any]:
    """What is known of a day once this has come."""
    known = dict(usage)
    for one in later:
        before = known.get(one.item, 0)
        known[one.item] = max(before, one.highest) if is_hourly(one.item) else before + one.item.measured(one.quantity)
    return known


async def sites_of(work: UnitOfWork, shard: int) -> dict[str, date]:
    """The sites of the workspaces that a shard's payers pay for, each with the first day that one of them is paid for."""
    found = (
        select(col(Workspace.site), func.min(col(PayerPeriod.from_day)).label("first"))
        .join(PayerPeriod, col(PayerPeriod.workspace_id) == col(Workspace.id))
        .join(LedgerHead, col(LedgerHead.fee_account_id) == col(PayerPeriod.fee_account_id))
        .where(_of_shard(shard))
        .group_by(col(Workspace.site))
    )
    return {row.site: row.first for row in await work.rows(found)}


async def members(work: UnitOfWork, shard: int, ends: datetime, payer: int | None = None) -> list[BilledWorkspace]:
    """The workspaces of a shard's payers, or of one of them, whose day ends at an instant; by workspace."""
    found: list[BilledWorkspace] = []
    for day, codes in _days(ends).items():
        query = _MEMBERS.where(_of_shard(shard), col(Workspace.site).in_(codes), _in_force(day))
        query = query if payer is None else query.where(col(LedgerHead.payer) == payer)
        found += [_member(row, day) for row in await work.rows(query)]
    return sorted(
        (one for one in found if one.dissolved_at is None or ends - one.dissolved_at <= LATE_FOR),
        key=lambda one: one.workspace_id,
    )


_MEMBERS: Select[*tuple[Any, ...]] = (
    select(
        col(PayerPeriod.workspace_id),
        col(Workspace.site),
        col(Workspace.dissolved_at),
        col(LedgerHead.payer),
        col(PayerPeriod.fee_account_id),
        col(FeeAccount.currency),
        col(PayerPeriod.method),
        col(PayerPeriod.cloud_account_id),
    )
    .join(LedgerHead, col(LedgerHead.fee_account_id) == col(PayerPeriod.fee_account_id))
    .join(FeeAccount, col(FeeAccount.id) == col(PayerPeriod.fee_account_id))
    .join(Workspace, col(Workspace.id) == col(PayerPeriod.workspace_id))
)


@dataclass(frozen=True, slots=True)
class Former:
    """A workspace that a payer paid for until lately and another does now, and the last of its days that is closed."""

    member: BilledWorkspace
    closed_through: date | None
    next_payer: int


async def former_members(work: UnitOfWork, shard: int, ends: datetime, payer: int | None = None) -> list[Former]:
    """The workspaces that a shard's payers, or one of them, may still have late use of; by workspace."""
    after: Any = aliased(PayerPeriod)
    head: Any = aliased(LedgerHead)
    found: list[Former] = []
    for day, codes in _days(ends).items():
        query = (
            _MEMBERS.add_columns(col(Meter.closed_through), head.payer.label("next_payer"))
            .join(after, and_(after.workspace_id == col(PayerPeriod.workspace_id), _follows(after)))
            .join(head, head.fee_account_id == after.fee_account_id)
            .outerjoin(Meter, col(Meter.workspace_id) == col(PayerPeriod.workspace_id))
            .where(
                _of_shard(shard),
                col(Workspace.site).in_(codes),
                after.fee_account_id != col(PayerPeriod.fee_account_id),
                after.from_day.between(day - LATE_FOR, day),
            )
        )
        query = query if payer is None else query.where(col(LedgerHead.payer) == payer)
        found += [
            Former(_member(row, day, is_former=True), row.closed_through, row.next_payer)
            for row in await work.rows(query)
        ]
    return sorted(found, key=lambda one: one.member.workspace_id)


async def payers_by_day(work: UnitOfWork, workspaces: Collection[str]) -> dict[str, list[tuple[date, str]]]:
    """From which day on which account pays for each workspace, the latest first."""
    rows = [{"workspace": one} for one in sorted(workspaces)]
    found = await select_for_rows(await work.session.connection(), rows, _WORKSPACE, _PERIODS, from_day=Date())
    periods: dict[str, list[tuple[date, str]]] = {}
    for row in found:
        periods.setdefault(row.workspace_id, []).append((row.from_day, row.fee_account_id))
    return periods


async def usage_of(work: UnitOfWork, of: Sequence[BilledWorkspace]) -> dict[str, dict[Item, Quantity]]:
    """What counted for a bill on the day of each member, by item."""
    rows = [{"workspace": one.workspace_id, "day": one.day.isoformat()} for one in of]
    found = await select_for_rows(await work.session.connection(), rows, _DAY, _USAGE)
    usage: dict[str, dict[Item, Quantity]] = {}
    for row in found:
        item = Item(row.item)
        counted = shown_for_a_day(item, row.quantity, row.highest)
        usage.setdefault(row.workspace_id, {})[item] = item.measured(counted)
    return usage


_DAY: Kinds = (("workspace", "text"), ("day", "date"))
_USAGE = (
    "SELECT u.workspace_id, u.item, u.quantity, u.highest FROM {rows} JOIN usage_days u"  # noqa: S608 - our own
    f" ON u.workspace_id = r.workspace AND u.day = r.day AND u.edition = '{Edition.COMMERCIAL}'"
)


async def late_of(work: UnitOfWork, workspaces: Collection[str]) -> dict[tuple[str, date], list[Late]]:
    """All late use of the days of these workspaces for which some is not billed yet, by workspace and day."""
    rows = [{"workspace": one} for one in sorted(workspaces)]
    found = await select_for_rows(await work.session.connection(), rows, _WORKSPACE, _LATE, **_LATE_TYPES)
    late: dict[tuple[str, date], list[Late]] = {}
    for row in found:
        late.setdefault((row.workspace_id, row.day), []).append(
            Late(
                workspace_id=row.workspace_id,
                day=row.day,
                item=Item(row.item),
                on_day=row.on_day,
                quantity=row.quantity,
                highest=row.highest,
                received_at=row.received_at,
                bill=row.bill,
            )
        )
    return late


_WORKSPACE: Kinds = (("workspace", "text"),)
_PERIODS = (
    "SELECT p.workspace_id, p.from_day, p.fee_account_id FROM {rows}"
    " JOIN payer_periods p ON p.workspace_id = r.workspace ORDER BY p.workspace_id, p.from_day DESC"
)
_LATE = (
    "SELECT l.workspace_id, l.day, l.item, l.on_day, l.quantity, l.highest, l.received_at, l.bill FROM {rows}"
    " JOIN late_usage l ON l.workspace_id = r.workspace WHERE EXISTS (SELECT 1 FROM late_usage u"
    " WHERE u.workspace_id = l.workspace_id AND u.day = l.day AND u.bill = '')"
    " ORDER BY l.workspace_id, l.day, l.on_day, l.item"
)
_LATE_TYPES: dict[str, Any] = {"day": Date(), "on_day": Date(), "received_at": Moment()}


def _days(ends: datetime) -> dict[date, list[str]]:
    """The days that end at an instant, with the sites at which they do."""
    found: dict[date, list[str]] = {}
    for site in sites.all_sites():
        if day := day_ending(ends, site.zone):
            found.setdefault(day, []).append(site.code)
    return found


def _of_shard(shard: int) -> ColumnElement[bool]:
    return col(LedgerHead.payer).between(*payers_of(shard))


def _in_force(day: date) -> ColumnElement[bool]:
    """Whether a period is the one that a day belongs to."""
    after: Any = aliased(PayerPeriod)
    later = select(after.workspace_id).where(
        after.workspace_id == col(PayerPeriod.workspace_id),
        after.from_day > col(PayerPeriod.from_day),
        after.from_day <= day,
    )
    return and_(col(PayerPeriod.from_day) <= day, ~later.exists())


def _follows(after: Any) -> ColumnElement[bool]:
    """Whether a period is the next one of the workspace."""
    between: Any = aliased(PayerPeriod)
    nearer = select(between.workspace_id).where(
        between.workspace_id == col(PayerPeriod.workspace_id),
        between.from_day > col(PayerPeriod.from_day),
        between.from_day < after.from_day,
    )
    return and_(after.from_day > col(PayerPeriod.from_day), ~nearer.exists())


def _member(row: Row[Any], day: date, *, is_former: bool = False) -> BilledWorkspace:
    return BilledWorkspace(
        workspace_id=row.workspace_id,
        site=sites.get(row.site),
        day=day,
        payer=row.payer,
        fee_account_id=row.fee_account_id,
        currency=row.currency,
        method=row.method,
        cloud_account_id=row.cloud_account_id,
        dissolved_at=row.dissolved_at,
        is_former=is_former,
    )
