"""All SQL of what operators did or asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from guance_portal.approvals.effects import AccountPlace
from guance_portal.approvals.rules import COUNTED, LIMITED, State
from guance_portal.approvals.tables import ApprovalRequest
from guance_portal.core.db import UnitOfWork
from guance_portal.core.paging import Paging
from guance_portal.ledger.tables import LedgerAccount, LedgerEntry, LedgerHead


async def request(work: UnitOfWork, request_id: str, *, lock: bool = True) -> ApprovalRequest | None:
    """A request, kept from others until the unit of work ends unless told otherwise."""
    found = select(ApprovalRequest).where(col(ApprovalRequest.id) == request_id)
    locked = found.with_for_update() if lock else found
    return (await work.session.exec(locked.execution_options(populate_existing=True))).one_or_none()


async def by_key(work: UnitOfWork, operator: str, key: str) -> ApprovalRequest | None:
    """What a form of an operator has become."""
    found = select(ApprovalRequest).where(col(ApprovalRequest.asked_by) == operator, col(ApprovalRequest.key) == key)
    return (await work.session.exec(found)).one_or_none()


async def sum_since(work: UnitOfWork, operator: str, payer: int | None, currency: str, since: datetime) -> int:
    """The sum of an operator's limited acts for a payer from an instant on."""
    of_payer = col(ApprovalRequest.payer).is_(None) if payer is None else col(ApprovalRequest.payer) == payer
    found = select(func.coalesce(func.sum(ApprovalRequest.minor), 0)).where(
        col(ApprovalRequest.asked_by) == operator,
        of_payer,
        col(ApprovalRequest.currency) == currency,
        col(ApprovalRequest.kind).in_(LIMITED),
        col(ApprovalRequest.state).in_(COUNTED),
        col(ApprovalRequest.asked_at) > since,
    )
    return int((await work.session.exec(found)).one())


async def is_any_over(work: UnitOfWork, now: datetime) -> bool:
    """Whether a request has waited too long: a cheap look that takes no lock."""
    return (await work.session.exec(_over(now).limit(1))).first() is not None


async def next_over(work: UnitOfWork, now: datetime, *, without: Collection[str]) -> ApprovalRequest | None:
    """The first other request that has waited too long, kept from others; those that others keep are passed over."""
    others = _over(now).where(col(ApprovalRequest.id).not_in(without))
    first = others.order_by(col(ApprovalRequest.expires_at), col(ApprovalRequest.id)).limit(1)
    return (await work.session.exec(first.with_for_update(skip_locked=True))).one_or_none()


def _over(now: datetime) -> SelectOfScalar[ApprovalRequest]:
    return select(ApprovalRequest).where(
        col(ApprovalRequest.state) == State.ASKED, col(ApprovalRequest.expires_at) <= now
    )


async def waiting(work: UnitOfWork) -> Sequence[ApprovalRequest]:
    """The requests that wait, oldest first."""
    found = select(ApprovalRequest).where(col(ApprovalRequest.state) == State.ASKED)
    return (await work.session.exec(found.order_by(col(ApprovalRequest.asked_at), col(ApprovalRequest.id)))).all()


async def count_waiting(work: UnitOfWork) -> int:
    """How many requests wait."""
    found = select(func.count()).select_from(ApprovalRequest).where(col(ApprovalRequest.state) == State.ASKED)
    return (await work.session.exec(found)).one()


async def done(work: UnitOfWork, states: Collection[State], paging: Paging) -> tuple[Sequence[ApprovalRequest], int]:
    """Those in one of these states, the newest first, and how many there are."""
    of_states = col(ApprovalRequest.state).in_(states)
    total = (await work.session.exec(select(func.count()).select_from(ApprovalRequest).where(of_states))).one()
    found = select(ApprovalRequest).where(of_states)
    ordered = found.order_by(
        func.coalesce(ApprovalRequest.decided_at, ApprovalRequest.asked_at).desc(), col(ApprovalRequest.id)
    )
    return (await work.session.exec(ordered.offset(paging.offset).limit(paging.size))).all(), total


async def of_kinds(work: UnitOfWork, kinds: Collection[str], most: int) -> Sequence[ApprovalRequest]:
    """The newest acts of some kinds, whatever became of them."""
    found = select(ApprovalRequest).where(col(ApprovalRequest.kind).in_(kinds))
    ordered = found.order_by(col(ApprovalRequest.asked_at).desc(), col(ApprovalRequest.id)).limit(most)
    return (await work.session.exec(ordered)).all()


async def balances(work: UnitOfWork, payer: int) -> dict[AccountPlace, int]:
    """Every balance in the books of a payer."""
    found = sqlalchemy.select(*_ACCOUNT, col(LedgerAccount.balance)).where(col(LedgerAccount.payer) == payer)
    rows = await work.rows(found)
    return {AccountPlace(payer, str(row.kind), row.key, str(row.currency)): row.balance for row in rows}


async def account_of(work: UnitOfWork, payer: int) -> str:
    """The fee-centre account that a payer is; empty for the house, or none."""
    found = select(LedgerHead.fee_account_id).where(col(LedgerHead.payer) == payer)
    return (await work.session.exec(found)).one_or_none() or ""


async def last_number(work: UnitOfWork, payer: int) -> int:
    """How many transactions the books of a payer hold."""
    found = select(LedgerHead.transactions).where(col(LedgerHead.payer) == payer)
    return (await work.session.exec(found)).one()


async def entries_after(work: UnitOfWork, payer: int, number: int) -> list[tuple[AccountPlace, int]]:
    """What transactions after a number have moved."""
    of_account = (col(LedgerAccount.payer) == col(LedgerEntry.payer)) & (
        col(LedgerAccount.number) == col(LedgerEntry.account)
    )
    found = (
        sqlalchemy.select(*_ACCOUNT, col(LedgerEntry.minor))
        .join(LedgerEntry, of_account)
        .where(col(LedgerEntry.payer) == payer, col(LedgerEntry.number) > number)
    )
    rows = await work.rows(found)
    return [(AccountPlace(payer, str(row.kind), row.key, str(row.currency)), row.minor) for row in rows]


_ACCOUNT = (col(LedgerAccount.kind), col(LedgerAccount.key), col(LedgerAccount.currency))
