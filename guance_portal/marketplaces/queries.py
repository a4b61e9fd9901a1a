"""All SQL about subscriptions and notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import and_, col, delete, func, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.core.rows import Row
from guance_portal.marketplaces.rules import NoticeOutcome, NoticeSource, Overtaking
from guance_portal.marketplaces.tables import MarketplaceNotice, MarketplaceSso, Subscription
from guance_portal.payers.tables import CloudAccount, FeeAccount
from guance_portal.sites import Provider

RowT = TypeVar("RowT", Subscription, MarketplaceNotice)


def _locked(found: SelectOfScalar[RowT]) -> SelectOfScalar[RowT]:
    # What was read before the lock may be old.
    return found.with_for_update().execution_options(populate_existing=True)


async def subscription(work: UnitOfWork, subscription_id: str, *, lock: bool = False) -> Subscription | None:
    """A subscription by its id; `lock` keeps it as it is until the unit of work ends."""
    found = select(Subscription).where(col(Subscription.id) == subscription_id)
    return (await work.session.exec(_locked(found) if lock else found)).one_or_none()


async def by_pair(
    work: UnitOfWork, provider: Provider, account: str, instance: str, *, lock: bool = False
) -> Subscription | None:
    """The subscription with a provider's pair of ids."""
    found = select(Subscription).where(
        col(Subscription.provider) == provider,
        col(Subscription.account) == account,
        col(Subscription.instance) == instance,
    )
    return (await work.session.exec(_locked(found) if lock else found)).one_or_none()


async def by_instance(work: UnitOfWork, listing_id: str, instance: str, *, lock: bool = False) -> Subscription | None:
    """The subscription of an instance; the oldest, should a market ever name two alike."""
    found = select(Subscription).where(
        col(Subscription.listing_id) == listing_id, col(Subscription.instance) == instance
    )
    ordered = found.order_by(col(Subscription.created_at), col(Subscription.id)).limit(1)
    return (await work.session.exec(_locked(ordered) if lock else ordered)).one_or_none()


async def by_reference(work: UnitOfWork, listing_id: str, reference: str, *, lock: bool = False) -> Subscription | None:
    """The subscription that a purchase led to."""
    found = select(Subscription).where(
        col(Subscription.listing_id) == listing_id, col(Subscription.reference) == reference
    )
    return (await work.session.exec(_locked(found) if lock else found)).one_or_none()


async def by_account(work: UnitOfWork, listing_id: str, account: str) -> Sequence[Subscription]:
    """Everything an account bought of a listing, oldest first."""
    found = select(Subscription).where(col(Subscription.listing_id) == listing_id, col(Subscription.account) == account)
    return (await work.session.exec(found.order_by(col(Subscription.created_at), col(Subscription.id)))).all()


async def has_instance(work: UnitOfWork, provider: Provider, instance: str) -> bool:
    """Whether an instance of a provider was sold to anybody."""
    found = select(col(Subscription.id)).where(
        col(Subscription.provider) == provider, col(Subscription.instance) == instance
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def add(work: UnitOfWork, row: Row) -> bool:
    """Add a row; False when somebody was quicker with the same ids."""
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        return False
    return True


async def notice(work: UnitOfWork, notice_id: str, *, lock: bool = False) -> MarketplaceNotice | None:
    """A notice by its id."""
    found = select(MarketplaceNotice).where(col(MarketplaceNotice.id) == notice_id)
    return (await work.session.exec(_locked(found) if lock else found)).one_or_none()


async def notice_by_key(work: UnitOfWork, source: NoticeSource, key: str) -> MarketplaceNotice | None:
    """The notice of a key, kept as it is until the unit of work ends."""
    found = select(MarketplaceNotice).where(col(MarketplaceNotice.source) == source, col(MarketplaceNotice.key) == key)
    return (await work.session.exec(_locked(found))).one_or_none()


async def was_overtaken(work: UnitOfWork, subscription_id: str, by: Overtaking) -> bool:
    """Whether another notice of a kind was applied to a subscription since a moment."""
    found = select(col(MarketplaceNotice.id)).where(
        col(MarketplaceNotice.subscription_id) == subscription_id,
        col(MarketplaceNotice.kind) == by.kind,
        col(MarketplaceNotice.outcome) == NoticeOutcome.APPLIED,
        col(MarketplaceNotice.processed_at) >= by.at,
        col(MarketplaceNotice.id) != by.notice_id,
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def left_behind(work: UnitOfWork, said_after: datetime, limit: int) -> Sequence[MarketplaceNotice]:
    """Notices that were never applied or failed, last said after a moment, oldest first."""
    found = select(MarketplaceNotice).where(
        col(MarketplaceNotice.outcome).in_((NoticeOutcome.RECEIVED, NoticeOutcome.FAILED)),
        col(MarketplaceNotice.last_at) > said_after,
    )
    return (await work.session.exec(found.order_by(col(MarketplaceNotice.last_at)).limit(limit))).all()


async def take_notice(work: UnitOfWork, row: MarketplaceNotice, now: datetime) -> bool:
    """Note that it is tried now; False when another process, or the marketplace itself, was quicker."""
    unchanged = (
        col(MarketplaceNotice.id) == row.id,
        col(MarketplaceNotice.outcome) == row.outcome,
        col(MarketplaceNotice.times) == row.times,
        col(MarketplaceNotice.processed_at).is_not_distinct_from(row.processed_at),
    )
    taken = update(MarketplaceNotice).where(*unchanged).values(processed_at=now)
    return (await work.session.exec(taken)).rowcount == 1


async def recent_notices(
    work: UnitOfWork, asked: str, outcome: NoticeOutcome | None, paging: Paging
) -> tuple[int, Sequence[MarketplaceNotice]]:
    """How many notices there are (with an outcome, about an id), and a page of them, the latest first."""
    wanted = [col(MarketplaceNotice.outcome) == outcome] if outcome else []
    if asked:
        about = select(col(Subscription.id)).where(_is_named(asked))
        wanted.append(or_(col(MarketplaceNotice.id) == asked, col(MarketplaceNotice.subscription_id).in_(about)))
    number = (await work.session.exec(select(func.count()).select_from(MarketplaceNotice).where(*wanted))).one()
    found = select(MarketplaceNotice).where(*wanted)
    ordered = found.order_by(col(MarketplaceNotice.last_at).desc(), col(MarketplaceNotice.id))
    return number, (await work.session.exec(ordered.offset(paging.offset).limit(paging.size))).all()


async def recent_subscriptions(
    work: UnitOfWork, asked: str, paging: Paging
) -> tuple[int, Sequence[tuple[Subscription, str | None, str | None]]]:
    """How many subscriptions there are, and a page, the latest change first: each with the account that has it."""
    wanted = [_is_named(asked)] if asked else []
    number = (await work.session.exec(select(func.count()).select_from(Subscription).where(*wanted))).one()
    registered = and_(
        col(CloudAccount.provider) == col(Subscription.provider),
        col(CloudAccount.account) == col(Subscription.account),
        col(CloudAccount.instance) == col(Subscription.instance),
        col(CloudAccount.let_go_at).is_(None),
    )
    found = (
        select(Subscription, FeeAccount.id, FeeAccount.username)
        .outerjoin(CloudAccount, registered)
        .outerjoin(FeeAccount, col(FeeAccount.id) == col(CloudAccount.fee_account_id))
        .where(*wanted)
        .order_by(col(Subscription.updated_at).desc(), col(Subscription.id))
    )
    return number, (await work.session.exec(found.offset(paging.offset).limit(paging.size))).all()


async def subscriptions_by_id(work: UnitOfWork, ids: Collection[str]) -> dict[str, Subscription]:
    """The subscriptions of these ids."""
    found = select(Subscription).where(col(Subscription.id).in_(ids))
    return {row.id: row for row in (await work.session.exec(found)).all()}


def _is_named(asked: str) -> ColumnElement[bool]:
    columns = (
        Subscription.id,
        Subscription.account,
        Subscription.known_as,
        Subscription.instance,
        Subscription.reference,
    )
    return or_(*(col(column) == asked for column in columns))


async def marketplace_sso(work: UnitOfWork, visitor: str, since: datetime) -> MarketplaceSso | None:
    """The last arrival of a browser that has not ended and is not older than `since`."""
    found = select(MarketplaceSso).where(
        col(MarketplaceSso.visitor) == visitor,
        col(MarketplaceSso.ended_at).is_(None),
        col(MarketplaceSso.proven_at) > since,
    )
    return (await work.session.exec(found.order_by(col(MarketplaceSso.proven_at).desc()).limit(1))).one_or_none()


async def end_marketplace_sso(work: UnitOfWork, visitor: str, now: datetime) -> None:
    """End every arrival of a browser."""
    wanted = (col(MarketplaceSso.visitor) == visitor, col(MarketplaceSso.ended_at).is_(None))
    await work.session.exec(update(MarketplaceSso).where(*wanted).values(ended_at=now))


async def delete_marketplace_sso(work: UnitOfWork, before: datetime) -> None:
    """Delete arrivals of before a moment."""
    await work.session.exec(delete(MarketplaceSso).where(col(MarketplaceSso.proven_at) < before))
