"""All SQL of cloud records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import Row as RowOfSums
from sqlalchemy import select as sql_select
from sqlmodel import and_, col, or_, select

from guance_portal.billing.bills.tables import BillLineRow, BillRow
from guance_portal.billing.clouds.rules import BoardChoice, CloudRecordState
from guance_portal.billing.clouds.tables import CloudRecord
from guance_portal.core.db import UnitOfWork
from guance_portal.ledger.tables import LedgerHead
from guance_portal.payers.tables import FeeAccount
from guance_portal.sites import Provider
from guance_portal.wallet.tables import WalletPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFor:
    """A subscription at a provider; `but` is the record that is left out."""

    provider: Provider
    account: str
    instance: str
    but: str


async def is_any_due(work: UnitOfWork, now: datetime, wall: datetime) -> bool:
    """Whether anything is to be done for a record: a cheap look that takes no lock."""
    return (await work.session.exec(select(CloudRecord.code).where(*_due(now, wall)).limit(1))).first() is not None


async def take_due(work: UnitOfWork, now: datetime, wall: datetime) -> CloudRecord | None:
    """The record whose deadline is next of those that are due, kept from other processes until the transaction ends."""
    found = select(CloudRecord).where(*_due(now, wall)).order_by(col(CloudRecord.deadline_at), col(CloudRecord.code))
    found = found.limit(1).with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return (await work.session.exec(found)).one_or_none()


async def locked(work: UnitOfWork, code: str) -> CloudRecord | None:
    """A record by its code, as it is now, kept until the transaction ends."""
    found = select(CloudRecord).where(col(CloudRecord.code) == code).with_for_update()
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def by_code(work: UnitOfWork, code: str) -> CloudRecord | None:
    """A record by its code."""
    return (await work.session.exec(select(CloudRecord).where(col(CloudRecord.code) == code))).one_or_none()


async def owners(work: UnitOfWork, payers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Ids and usernames of the fee-centre accounts that payers are."""
    found = (
        select(LedgerHead.payer, FeeAccount.id, FeeAccount.username)
        .join(FeeAccount, col(FeeAccount.id) == col(LedgerHead.fee_account_id))
        .where(col(LedgerHead.payer).in_(payers))
    )
    return {payer: (account, name) for payer, account, name in (await work.session.exec(found)).all()}


async def sums(work: UnitOfWork, choice: BoardChoice) -> Sequence[RowOfSums[Any]]:
    """Records of days, both included, counted by day, listing, state, and whether they are booked and were sent."""
    is_booked, was_sent = col(CloudRecord.booked_at).is_not(None), col(CloudRecord.attempts) > 0
    keys = (col(CloudRecord.day), col(CloudRecord.listing), col(CloudRecord.state), is_booked, was_sent)
    found: Any = (
        sql_select(
            *keys[:3],
            is_booked.label("is_booked"),
            was_sent.label("was_sent"),
            func.sum(col(CloudRecord.minor)).label("minor"),
            func.count().label("count"),
        )
        .where(*_within(choice))
        .group_by(*keys)
    )
    return await work.rows(found)


async def noted(work: UnitOfWork, choice: BoardChoice, most: int) -> Sequence[CloudRecord]:
    """Open records of any day, and those of the days that an account paid after all; what is due first comes first."""
    is_open = col(CloudRecord.booked_at).is_(None)
    of_days = and_(
        col(CloudRecord.state).in_((CloudRecordState.REFUSED, CloudRecordState.TOO_LATE)),
        *_within(choice),
    )
    wanted = and_(is_open, *_of(choice))
    ordered = (
        select(CloudRecord)
        .where(or_(wanted, of_days))
        .order_by(col(CloudRecord.booked_at).is_not(None), col(CloudRecord.deadline_at), col(CloudRecord.code))
    )
    return (await work.session.exec(ordered.limit(most))).all()


def _within(choice: BoardChoice) -> tuple[ColumnElement[bool], ...]:
    return (col(CloudRecord.day).between(choice.since, choice.until), *_of(choice))


def _of(choice: BoardChoice) -> tuple[ColumnElement[bool], ...]:
    of_listing = (col(CloudRecord.listing) == choice.listing,) if choice.listing else ()
    return (col(CloudRecord.currency) == choice.currency, *of_listing)


async def last_stamps(work: UnitOfWork, who: SentFor, since: datetime) -> set[datetime]:
    """The periods that were used for a subscription, by their beginnings."""
    found = select(CloudRecord.stamped_at).where(*_for(who), col(CloudRecord.stamped_at) >= since)
    return {at for at in (await work.session.exec(found)).all() if at}


async def was_sent_since(work: UnitOfWork, who: SentFor, since: datetime) -> bool:
    """Whether another record was sent for a subscription since then."""
    found = select(CloudRecord.code).where(*_for(who), col(CloudRecord.sent_at) > since)
    return (await work.session.exec(found.limit(1))).first() is not None


def _for(who: SentFor) -> tuple[ColumnElement[bool], ...]:
    return (
        col(CloudRecord.provider) == who.provider,
        col(CloudRecord.account) == who.account,
        col(CloudRecord.instance) == who.instance,
        col(CloudRecord.code) != who.but,
    )


async def bills_of(work: UnitOfWork, record: CloudRecord) -> Sequence[tuple[BillRow, WalletPlan]]:
    """The bills that a record stands for with their plans, in the order in which they were paid."""
    found = (
        select(BillRow, WalletPlan)
        .join(
            WalletPlan,
            and_(col(WalletPlan.payer) == col(BillRow.payer), col(WalletPlan.reference) == col(BillRow.reference)),
        )
        .where(col(BillRow.payer) == record.payer, col(BillRow.cloud_record) == record.code)
    )
    ordered = found.order_by(col(BillRow.site), col(BillRow.workspace_id), col(BillRow.reference))
    return (await work.session.exec(ordered)).all()


async def items_of(work: UnitOfWork, bill: BillRow) -> dict[int, str]:
    """The items of a bill's lines by their places."""
    found = select(BillLineRow.place, BillLineRow.item).where(
        col(BillLineRow.payer) == bill.payer, col(BillLineRow.reference) == bill.reference
    )
    return dict((await work.session.exec(found)).all())


def _due(now: datetime, wall: datetime) -> tuple[ColumnElement[bool], ...]:
    """Nobody works on it, and it is time to send it, to give it up, or to say that a sender has died."""
    died = and_(col(CloudRecord.state) == CloudRecordState.SENT, col(CloudRecord.leased_until) <= wall)
    return (
        col(CloudRecord.booked_at).is_(None),
        or_(col(CloudRecord.leased_until).is_(None), col(CloudRecord.leased_until) <= wall),
        or_(died, col(CloudRecord.next_at) <= wall, and_(col(CloudRecord.deadline_at) <= now, _not_held(wall))),
    )


def _not_held(wall: datetime) -> ColumnElement[bool]:
    """A record that is over and could not be booked, because the books were stopped, waits for its next time."""
    is_over = col(CloudRecord.state).in_([one for one in CloudRecordState if one.is_final])
    return or_(~is_over, col(CloudRecord.next_at) <= wall)


NO_LONGER = timedelta(days=2)
"""A period that is older is of no use to any marketplace."""
