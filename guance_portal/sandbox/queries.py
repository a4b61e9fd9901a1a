"""All SQL of the simulated marketplaces."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, or_, select

from guance_portal.core.db import UnitOfWork
from guance_portal.sandbox.rules import DeliveryState, Whim
from guance_portal.sandbox.tables import (
    SandboxDelivery,
    SandboxKey,
    SandboxPurchase,
    SandboxToken,
    SandboxUsage,
    SandboxWhim,
)


async def purchase(
    work: UnitOfWork, purchase_id: str, listing_id: str, *, lock: bool = False
) -> SandboxPurchase | None:
    """One purchase at one marketplace; `lock` keeps it as it is until the unit of work ends."""
    found = select(SandboxPurchase).where(
        col(SandboxPurchase.id) == purchase_id, col(SandboxPurchase.listing_id) == listing_id
    )
    return (await work.session.exec(found.with_for_update() if lock else found)).one_or_none()


async def purchases(work: UnitOfWork, listing_id: str, limit: int) -> Sequence[SandboxPurchase]:
    """What was bought at a marketplace, newest first."""
    found = (
        select(SandboxPurchase)
        .where(col(SandboxPurchase.listing_id) == listing_id)
        .order_by(col(SandboxPurchase.created_at).desc(), col(SandboxPurchase.id))
        .limit(limit)
    )
    return (await work.session.exec(found)).all()


async def matching(work: UnitOfWork, listing_id: str, **wanted: str | bool) -> Sequence[SandboxPurchase]:
    """Purchases at a marketplace whose columns have these values, oldest first."""
    found = select(SandboxPurchase).where(
        col(SandboxPurchase.listing_id) == listing_id,
        *(getattr(SandboxPurchase, name) == value for name, value in wanted.items()),
    )
    return (await work.session.exec(found.order_by(col(SandboxPurchase.created_at)))).all()


async def token(work: UnitOfWork, token_hash: str) -> SandboxToken | None:
    """A registration token, kept as it is until the unit of work ends."""
    found = select(SandboxToken).where(col(SandboxToken.token_hash) == token_hash).with_for_update()
    return (await work.session.exec(found)).one_or_none()


async def metered(work: UnitOfWork, keys: Collection[str]) -> Mapping[str, SandboxUsage]:
    """The usage that was metered under these keys."""
    found = await work.session.exec(select(SandboxUsage).where(col(SandboxUsage.key).in_(keys)))
    return {row.key: row for row in found.all()}


async def last_metered(work: UnitOfWork, purchase_id: str) -> datetime | None:
    """When usage of a purchase was metered last."""
    found = select(func.max(col(SandboxUsage.at))).where(col(SandboxUsage.purchase_id) == purchase_id)
    return (await work.session.exec(found)).one()


async def versions(work: UnitOfWork) -> Mapping[str, str]:
    """By marketplace, something that is another whenever a notice or a purchase of it has changed."""
    told = select(
        col(SandboxDelivery.listing_id),
        func.count(),
        func.sum(SandboxDelivery.attempts),
        func.max(col(SandboxDelivery.sent_at)),
    ).group_by(col(SandboxDelivery.listing_id))
    bought = select(col(SandboxPurchase.listing_id), func.count(), func.max(col(SandboxPurchase.updated_at))).group_by(
        col(SandboxPurchase.listing_id)
    )
    found: dict[str, str] = {}
    for listing_id, *figures in [*(await work.session.exec(told)).all(), *(await work.session.exec(bought)).all()]:
        found[listing_id] = found.get(listing_id, "") + repr(figures)
    return found


async def add_if_new(work: UnitOfWork, row: SandboxUsage | SandboxKey) -> bool:
    """Add a row unless one of its key is there, also one that another process has just added."""
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        return False
    return True


async def whims(work: UnitOfWork, listing_id: str) -> frozenset[Whim]:
    """In which ways a marketplace misbehaves now."""
    found = await work.session.exec(select(SandboxWhim.whim).where(col(SandboxWhim.listing_id) == listing_id))
    return frozenset(map(Whim, found.all()))


async def deliveries(work: UnitOfWork, listing_id: str, limit: int) -> Sequence[SandboxDelivery]:
    """The notices of a marketplace, newest first."""
    found = (
        select(SandboxDelivery)
        .where(col(SandboxDelivery.listing_id) == listing_id)
        .order_by(col(SandboxDelivery.created_at).desc(), col(SandboxDelivery.id))
        .limit(limit)
    )
    return (await work.session.exec(found)).all()


async def waiting_for(work: UnitOfWork, purchase_id: str) -> Sequence[SandboxDelivery]:
    """The notices of a purchase that have not been tried yet, oldest first."""
    found = select(SandboxDelivery).where(
        col(SandboxDelivery.purchase_id) == purchase_id,
        col(SandboxDelivery.state) == DeliveryState.WAITING,
        col(SandboxDelivery.attempts) == 0,
        col(SandboxDelivery.leased_until).is_(None),
    )
    return (await work.session.exec(found.order_by(col(SandboxDelivery.created_at)).with_for_update())).all()


async def is_any_due(work: UnitOfWork, now: datetime) -> bool:
    """Whether a notice waits for being sent now: a cheap look that takes no lock."""
    return (await work.session.exec(select(SandboxDelivery.id).where(*_due(now)).limit(1))).first() is not None


async def take_due(work: UnitOfWork, now: datetime, until: datetime, purchase_id: str = "") -> SandboxDelivery | None:
    """Lease the notice that is due longest until then; those of one purchase go one after the other.

    Several processes take turns: PostgreSQL skips what another has locked, SQLite has one writer.
    """
    busy = select(SandboxDelivery.purchase_id).where(col(SandboxDelivery.leased_until) > now)
    wanted = (
        select(SandboxDelivery)
        .join(SandboxPurchase, col(SandboxPurchase.id) == col(SandboxDelivery.purchase_id))
        .where(*_due(now), col(SandboxDelivery.purchase_id).not_in(busy))
    )
    if purchase_id:
        wanted = wanted.where(col(SandboxDelivery.purchase_id) == purchase_id)
    first = wanted.order_by(col(SandboxDelivery.due_at), col(SandboxDelivery.created_at)).limit(1)
    found = (await work.session.exec(first.with_for_update(skip_locked=True))).one_or_none()
    if found is None:
        return None
    found.leased_until = until
    found.attempts += 1
    return found


async def renew_lease(work: UnitOfWork, delivery: SandboxDelivery, until: datetime) -> None:
    """Keep a notice that is being sent."""
    one = update(SandboxDelivery).where(col(SandboxDelivery.id) == delivery.id)
    await work.session.exec(one.where(col(SandboxDelivery.leased_until).is_not(None)).values(leased_until=until))


async def close_lease(work: UnitOfWork, delivery: SandboxDelivery, **changes: Any) -> None:
    """Write the outcome of an attempt."""
    one = update(SandboxDelivery).where(col(SandboxDelivery.id) == delivery.id)
    await work.session.exec(one.values(leased_until=None, **changes))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SandboxDelivery.state) == DeliveryState.WAITING,
        col(SandboxDelivery.due_at) <= now,
        or_(col(SandboxDelivery.leased_until).is_(None), col(SandboxDelivery.leased_until) <= now),
    )
