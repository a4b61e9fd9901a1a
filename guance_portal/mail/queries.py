"""All SQL on the outbox but the insert: leasing, marking, and the mailbox of the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, func, or_, select

from guance_portal.core.db import UnitOfWork
from guance_portal.mail.tables import Email, EmailStatus


async def is_any_due(work: UnitOfWork, now: datetime) -> bool:
    """Whether a lease would find something: a cheap look that takes no lock."""
    return (await work.session.exec(select(Email.id).where(*_due(now)).limit(1))).first() is not None


async def take_due(work: UnitOfWork, now: datetime, limit: int) -> Sequence[Email]:
    """The emails due longest, locked until the end of this writing unit of work.

    PostgreSQL skips what another worker has locked; on SQLite the unit of work holds the only write lock.
    """
    wanted = select(Email).where(*_due(now)).order_by(col(Email.next_attempt_at)).limit(limit)
    return (await work.session.exec(wanted.with_for_update(skip_locked=True))).all()


async def renew_leases(work: UnitOfWork, emails: Sequence[Email], until: datetime) -> None:
    """Keep the emails that are still leased as these were; a lease that was lost or closed stays so."""
    ids, owners = [email.id for email in emails], [email.lease_owner for email in emails]
    held = col(Email.id).in_(ids), col(Email.lease_owner).in_(owners)
    await work.session.exec(update(Email).where(*held).values(leased_until=until))


async def close_lease(work: UnitOfWork, email: Email, **changes: Any) -> bool:
    """Write the outcome of an attempt; False when the lease was lost to another worker meanwhile."""
    mine = col(Email.id) == email.id, col(Email.lease_owner) == email.lease_owner
    changed = await work.session.exec(update(Email).where(*mine).values(lease_owner="", leased_until=None, **changes))
    return changed.rowcount == 1


async def newest(work: UnitOfWork, *, to: str, limit: int) -> Sequence[Email]:
    """Emails whose recipient contains `to`, in any case, newest first."""
    wanted = select(Email).order_by(col(Email.created_at).desc(), col(Email.id)).limit(limit)
    if to:
        wanted = wanted.where(func.lower(Email.recipient).contains(to.lower(), autoescape=True))
    return (await work.session.exec(wanted)).all()


async def dead(work: UnitOfWork) -> Sequence[Email]:
    """Every email that was given up, newest first."""
    given_up = select(Email).where(col(Email.status) == EmailStatus.DEAD)
    return (await work.session.exec(given_up.order_by(col(Email.created_at).desc(), col(Email.id)))).all()


async def dead_one(work: UnitOfWork, email_id: str) -> Email | None:
    """An email that was given up, locked."""
    wanted = select(Email).where(col(Email.id) == email_id, col(Email.status) == EmailStatus.DEAD)
    return (await work.session.exec(wanted.with_for_update())).one_or_none()


async def delete_old(work: UnitOfWork, before: datetime) -> int:
    """Delete emails written before then, but for those that still wait to be sent; returns how many."""
    old = col(Email.created_at) < before, col(Email.status) != EmailStatus.QUEUED
    return (await work.session.exec(delete(Email).where(*old))).rowcount


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Email.status) == EmailStatus.QUEUED,
        col(Email.next_attempt_at) <= now,
        or_(col(Email.leased_until).is_(None), col(Email.leased_until) <= now),
    )
