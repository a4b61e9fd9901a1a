"""What has been counted, for those who show it, bill it or watch it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlmodel
from sqlalchemy import String, bindparam, cast, func, select
from sqlmodel import col

from guance_portal.accounts.members.access import MANAGERS
from guance_portal.accounts.rules import Edition
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core.db import Reader, UnitOfWork
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item, free_quotas
from guance_portal.metering.tables import CategoryDay, Meter, QuotaNotice, UsageDay, UsageHour


@dataclass(frozen=True, slots=True)
class Sender:
    """The workspace that data is sent to, as far as counting needs it."""

    workspace_id: str
    name: str
    site: str
    edition: Edition
    locked_at: datetime | None
    created_at: datetime
    is_dissolved: bool

    @property
    def is_locked(self) -> bool:
        """Whether it takes no data."""
        return self.locked_at is not None

    @property
    def limits(self) -> dict[Item, int | None]:
        """What it may send in a day; nothing limits the 商业版."""
        if self.edition is not Edition.FREE:
            return {}
        return {item: quota.limit for item, quota in free_quotas(self.site).items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """What counted of one item in one hour or day; `starts_at` is empty for a day."""

    item: Item
    edition: Edition
    day: date
    quantity: int
    active: int = 0
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonthCounted:
    """What counted of one item in one month: in all, on the day with the most, and in the hour with the most hosts."""

    item: Item
    month: date
    quantity: int
    most_in_a_day: int
    highest: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests and points of one category in one day."""

    category: Category
    requests: int
    points: int
    refused_requests: int
    refused_points: int


async def sender(work: UnitOfWork, workspace_id: str) -> Sender | None:
    """The workspace with this id."""
    connection = await work.session.connection()
    row = (await connection.execute(_SENDER, {"id": workspace_id})).one_or_none()
    return Sender(workspace_id, row[0], row[1], row[2], row[3], row[4], row[5] is not None) if row else None


_SENDER = select(
    col(Workspace.name),
    col(Workspace.site),
    col(Workspace.edition),
    col(Workspace.locked_at),
    col(Workspace.created_at),
    col(Workspace.dissolved_at),
).where(col(Workspace.id) == bindparam("id"))


async def versions(reader: Reader, workspace_ids: Collection[str]) -> dict[str, int]:
    """The version of each workspace's meter: it grows with every write; one that never sent has none."""
    return dict(map(tuple, await reader.rows(_VERSIONS, ids=list(workspace_ids))))


_VERSIONS = select(col(Meter.workspace_id), col(Meter.version)).where(
    col(Meter.workspace_id).in_(bindparam("ids", expanding=True))
)


async def meter(work: UnitOfWork, workspace_id: str) -> Meter | None:
    """A workspace's meter."""
    return await work.session.get(Meter, workspace_id)


async def totals(work: UnitOfWork, workspace_id: str, edition: Edition) -> dict[Item, int]:
    """What has counted of each item under an edition in all."""
    connection = await work.session.connection()
    found = (
        select(col(UsageHour.item), func.sum(UsageHour.quantity))
        .where(col(UsageHour.workspace_id) == workspace_id, col(UsageHour.edition) == edition)
        .group_by(col(UsageHour.item))
    )
    return {Item(row[0]): int(row[1]) for row in await connection.execute(found)}


async def days(work: UnitOfWork, workspace_id: str, first: date, last: date) -> list[Counted]:
    """What counted from the first day to the last, both included, per day, item and edition."""
    found = (
        select(
            col(UsageDay.item),
            col(UsageDay.edition),
            col(UsageDay.day),
            col(UsageDay.quantity),
            col(UsageDay.highest),
        )
        .where(col(UsageDay.workspace_id) == workspace_id, col(UsageDay.day).between(first, last))
        .order_by(col(UsageDay.day), col(UsageDay.item), col(UsageDay.edition))
    )
    connection = await work.session.connection()
    return [Counted(Item(i), e, day, n, most) for i, e, day, n, most in await connection.execute(found)]


async def months(work: UnitOfWork, workspace_id: str, first: date, last: date, edition: Edition) -> list[MonthCounted]:
    """What counted under an edition from the first day to the last, both included, per calendar month and item."""
    month = func.substr(cast(col(UsageDay.day), String), 1, 7)
    found = (
        select(
            month,
            col(UsageDay.item),
            func.sum(UsageDay.quantity),
            func.max(UsageDay.quantity),
            func.max(UsageDay.highest),
        )
        .where(
            col(UsageDay.workspace_id) == workspace_id,
            col(UsageDay.day).between(first, last),
            col(UsageDay.edition) == edition,
        )
        .group_by(month, col(UsageDay.item))
    )
    connection = await work.session.connection()
    return [
        MonthCounted(Item(item), date.fromisoformat(f"{written}-01"), int(total), int(most), int(highest))
        for written, item, total, most, highest in await connection.execute(found)
    ]


async def managers(work: UnitOfWork, workspace_id: str) -> Sequence[User]:
    """Owner and administrators of a workspace."""
    found = sqlmodel.select(User).join(Member, col(Member.user_id) == col(User.id))
    in_charge = found.where(col(Member.workspace_id) == workspace_id, col(Member.role).in_(MANAGERS))
    return (await work.session.exec(in_charge.order_by(col(User.id)))).all()


async def hours(work: UnitOfWork, workspace_id: str, day: date) -> list[Counted]:
    """What counted in each hour of a day, per item and edition."""
    found = (
        select(
            col(UsageHour.item),
            col(UsageHour.edition),
            col(UsageHour.quantity),
            col(UsageHour.active),
            col(UsageHour.starts_at),
        )
        .where(col(UsageHour.workspace_id) == workspace_id, col(UsageHour.day) == day)
        .order_by(col(UsageHour.starts_at), col(UsageHour.item), col(UsageHour.edition))
    )
    connection = await work.session.connection()
    return [Counted(Item(i), e, day, n, most, at) for i, e, n, most, at in await connection.execute(found)]


async def traffic(work: UnitOfWork, workspace_id: str, day: date) -> list[Traffic]:
    """Requests and points of a day per category."""
    found = (
        select(
            col(CategoryDay.category),
            col(CategoryDay.requests),
            col(CategoryDay.points),
            col(CategoryDay.refused_requests),
            col(CategoryDay.refused_points),
        )
        .where(col(CategoryDay.workspace_id) == workspace_id, col(CategoryDay.day) == day)
        .order_by(col(CategoryDay.category))
    )
    connection = await work.session.connection()
    return [Traffic(Category(name), *counts) for name, *counts in await connection.execute(found)]


async def points_by_category(work: UnitOfWork, workspace_id: str) -> dict[Category, int]:
    """Points taken of each category since the workspace was opened."""
    found = (
        select(col(CategoryDay.category), func.sum(CategoryDay.points))
        .where(col(CategoryDay.workspace_id) == workspace_id)
        .group_by(col(CategoryDay.category))
    )
    connection = await work.session.connection()
    return {Category(name): int(total) for name, total in await connection.execute(found)}


async def notices(work: UnitOfWork, workspace_id: str, day: date) -> list[QuotaNotice]:
    """The thresholds reached in a day, as they came."""
    found = (
        sqlmodel.select(QuotaNotice)
        .where(col(QuotaNotice.workspace_id) == workspace_id, col(QuotaNotice.day) == day)
        .order_by(col(QuotaNotice.created_at), col(QuotaNotice.item), col(QuotaNotice.percent))
    )
    return list((await work.session.exec(found)).all())
