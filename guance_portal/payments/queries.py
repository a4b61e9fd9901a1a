"""All SQL of recharge orders and notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, inspect, update
from sqlalchemy import select as sa_select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from guance_portal.core.db import Reader, UnitOfWork
from guance_portal.ledger.chart import Kind
from guance_portal.payments.rules import UNPROVEN, Outcome
from guance_portal.payments.tables import OrderState, PaymentException, PaymentNotice, PaymentOrder
from guance_portal.wallet.tables import Receipt, ReceiptState

MOST_PENDING = 5
"""So many open orders a page shows."""


async def order(work: UnitOfWork, number: str) -> PaymentOrder | None:
    """An order, kept from others until the unit of work ends."""
    found = select(PaymentOrder).where(col(PaymentOrder.number) == number).with_for_update()
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def find_order(work: UnitOfWork, number: str) -> PaymentOrder | None:
    """An order as it is now."""
    return await work.session.get(PaymentOrder, number)


async def order_by_key(work: UnitOfWork, payer: int, key: str) -> PaymentOrder | None:
    """The order that a form made."""
    found = select(PaymentOrder).where(col(PaymentOrder.payer) == payer, col(PaymentOrder.key) == key)
    return (await work.session.exec(found)).one_or_none()


async def order_of(work: UnitOfWork, payer: int, number: str) -> PaymentOrder | None:
    """An order of a payer."""
    found = select(PaymentOrder).where(col(PaymentOrder.payer) == payer, col(PaymentOrder.number) == number)
    return (await work.session.exec(found)).one_or_none()


async def pending(work: UnitOfWork, payer: int, now: datetime, workspace_id: str) -> Sequence[PaymentOrder]:
    """The orders of a payer that can still be paid, the newest first; of one workspace, if one is named."""
    found = select(PaymentOrder).where(
        col(PaymentOrder.payer) == payer,
        col(PaymentOrder.state) == OrderState.OPEN,
        col(PaymentOrder.cancelled_at).is_(None),
        col(PaymentOrder.expires_at) > now,
    )
    if workspace_id:
        found = found.where(col(PaymentOrder.workspace_id) == workspace_id)
    return (await work.session.exec(found.order_by(col(PaymentOrder.created_at).desc()).limit(MOST_PENDING))).all()


async def last_way(work: UnitOfWork, payer: int) -> Kind | None:
    """How the payer's last order was to be paid."""
    found = select(PaymentOrder.way).where(col(PaymentOrder.payer) == payer)
    last = (await work.session.exec(found.order_by(col(PaymentOrder.created_at).desc()).limit(1))).first()
    return Kind(last) if last else None


async def asides(work: UnitOfWork, number: str) -> Sequence[PaymentException]:
    """What came for an order and waits, or waited, for a person."""
    found = select(PaymentException).where(col(PaymentException.order_number) == number)
    return (await work.session.exec(found.order_by(col(PaymentException.paid_at), col(PaymentException.trade)))).all()


async def order_versions(reader: Reader, numbers: Collection[str]) -> dict[str, int]:
    """A number for each of these orders that is another whenever something is another that its page shows."""
    waits = (
        sa_select(func.count())
        .where(col(PaymentException.order_number) == col(PaymentOrder.number))
        .correlate(PaymentOrder)
        .scalar_subquery()
        .label("waits")
    )
    found = sa_select(
        col(PaymentOrder.number),
        col(PaymentOrder.state),
        col(PaymentOrder.pay_at),
        col(PaymentOrder.cancelled_at),
        waits,
    ).where(col(PaymentOrder.number).in_(list(numbers)))
    rows = await reader.rows(found)
    return {
        row.number: version_of(row.state, row.pay_at, row.waits, is_cancelled=row.cancelled_at is not None)
        for row in rows
    }


def version_of(state: OrderState, pay_at: str, count: int, *, is_cancelled: bool) -> int:
    """The version of an order in this state, of which so many payments wait for a person."""
    place = count * len(OrderState) + list(OrderState).index(OrderState(state))
    return place * 4 + 2 * bool(pay_at) + is_cancelled


async def receipt(work: UnitOfWork, way: Kind, trade: str) -> Receipt | None:
    """Money that was booked under a number; no lock is taken, since those of the books come first."""
    found = select(Receipt).where(col(Receipt.way) == way, col(Receipt.trade) == trade)
    return (await work.session.exec(found.execution_options(populate_existing=True))).one_or_none()


async def exceptions(work: UnitOfWork, way: Kind, trade: str) -> Sequence[PaymentException]:
    """What waits, or waited, for a person under a number."""
    found = select(PaymentException).where(col(PaymentException.way) == way, col(PaymentException.trade) == trade)
    return (await work.session.exec(found)).all()


async def open_exceptions(work: UnitOfWork) -> Sequence[PaymentException]:
    """Every entry that waits for a person."""
    found = select(PaymentException).where(col(PaymentException.done_at).is_(None))
    return (await work.session.exec(found)).all()


async def exception(work: UnitOfWork, way: Kind, trade: str, reason: Outcome) -> PaymentException | None:
    """One entry, kept from others until the unit of work ends."""
    return await work.session.get(PaymentException, (way, trade, reason), with_for_update=True, populate_existing=True)


async def suspended_alone(work: UnitOfWork) -> Sequence[Receipt]:
    """Money in suspense that no open entry speaks of, such as a transfer without owner."""
    spoken_of = select(PaymentException.trade).where(
        col(PaymentException.way) == col(Receipt.way),
        col(PaymentException.trade) == col(Receipt.trade),
        col(PaymentException.done_at).is_(None),
    )
    found = select(Receipt).where(col(Receipt.state) == ReceiptState.SUSPENDED, ~spoken_of.exists())
    return (await work.session.exec(found)).all()


async def is_any_due(work: UnitOfWork, now: datetime) -> bool:
    """Whether an order is to be asked for now: a cheap look that takes no lock."""
    found = select(PaymentOrder.number).where(
        col(PaymentOrder.state) == OrderState.OPEN, col(PaymentOrder.ask_at) <= now
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def due(work: UnitOfWork, now: datetime) -> PaymentOrder | None:
    """The open order that is to be asked for longest, kept from others; those that others keep are passed over."""
    found = select(PaymentOrder).where(col(PaymentOrder.state) == OrderState.OPEN, col(PaymentOrder.ask_at) <= now)
    first = found.order_by(col(PaymentOrder.ask_at), col(PaymentOrder.number)).limit(1)
    return (await work.session.exec(first.with_for_update(skip_locked=True))).one_or_none()


async def set_pay_at(work: UnitOfWork, number: str, where: str) -> None:
    """Say where an order is paid, whatever else became of it meanwhile."""
    await work.session.exec(update(PaymentOrder).where(col(PaymentOrder.number) == number).values(pay_at=where))


async def unproven_since(work: UnitOfWork, since: datetime) -> int:
    """How many notices that prove nothing were kept since then."""
    found = select(func.count()).select_from(PaymentNotice)
    kept = found.where(col(PaymentNotice.received_at) >= since, col(PaymentNotice.outcome).in_(UNPROVEN))
    return (await work.session.exec(kept)).one()


async def notice(work: UnitOfWork, digest: str) -> PaymentNotice | None:
    """A notice that came before."""
    return await work.session.get(PaymentNotice, digest)


async def add_if_new(work: UnitOfWork, row: PaymentNotice | PaymentException) -> bool:
    """Add a row unless one of its key is there, also one that another process has just added."""
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        key = inspect(type(row)).primary_key_from_instance(row)
        if await work.session.get(type(row), key[0] if len(key) == 1 else tuple(key)) is None:
            raise
        return False
    return True
