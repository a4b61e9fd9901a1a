"""All SQL on the outbox but the insert: leasing, marking, and the mailbox of the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, func, or_, select

from guance_portal.core.db import UnitOfWork
from guance_portal.mail.tables import Letter, LetterStatus


async def is_any_due(work: UnitOfWork, now: datetime) -> bool:
    """Whether a lease would find something: a cheap look that takes no lock."""
    return (await work.session.exec(select(Letter.id).where(*_due(now)).limit(1))).first() is not None


async def take_due(work: UnitOfWork, now: datetime, limit: int) -> Sequence[Letter]:
    """The letters due longest, locked until the end of this writing unit of work.

    PostgreSQL skips what another worker has locked; on SQLite the unit of work holds the only write lock.
    """
    wanted = select(Letter).where(*_due(now)).order_by(col(Letter.next_attempt_at)).limit(limit)
    return (await work.session.exec(wanted.with_for_update(skip_locked=True))).all()


async def renew_leases(work: UnitOfWork, letters: Sequence[Letter], until: datetime) -> None:
    """Keep the letters that are still leased as these were; a lease that was lost or closed stays so."""
    ids, owners = [letter.id for letter in letters], [letter.lease_owner for letter in letters]
    held = col(Letter.id).in_(ids), col(Letter.lease_owner).in_(owners)
    await work.session.exec(update(Letter).where(*held).values(leased_until=until))


async def close_lease(work: UnitOfWork, letter: Letter, **changes: Any) -> bool:
    """Write the outcome of an attempt; False when the lease was lost to another worker meanwhile."""
    mine = col(Letter.id) == letter.id, col(Letter.lease_owner) == letter.lease_owner
    changed = await work.session.exec(update(Letter).where(*mine).values(lease_owner="", leased_until=None, **changes))
    return changed.rowcount == 1


async def newest(work: UnitOfWork, *, to: str, limit: int) -> Sequence[Letter]:
    """Letters whose recipient contains `to`, in any case, newest first."""
    wanted = select(Letter).order_by(col(Letter.created_at).desc(), col(Letter.id)).limit(limit)
    if to:
        wanted = wanted.where(func.lower(Letter.recipient).contains(to.lower(), autoescape=True))
    return (await work.session.exec(wanted)).all()


async def dead(work: UnitOfWork) -> Sequence[Letter]:
    """Every letter that was given up, newest first."""
    given_up = select(Letter).where(col(Letter.status) == LetterStatus.DEAD)
    return (await work.session.exec(given_up.order_by(col(Letter.created_at).desc(), col(Letter.id)))).all()


async def dead_one(work: UnitOfWork, letter_id: str) -> Letter | None:
    """A letter that was given up, locked."""
    wanted = select(Letter).where(col(Letter.id) == letter_id, col(Letter.status) == LetterStatus.DEAD)
    return (await work.session.exec(wanted.with_for_update())).one_or_none()


async def forget(work: UnitOfWork, before: datetime) -> int:
    """Delete letters written before then, but for those that still wait to be sent; returns how many."""
    old = col(Letter.created_at) < before, col(Letter.status) != LetterStatus.QUEUED
    return (await work.session.exec(delete(Letter).where(*old))).rowcount


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Letter.status) == LetterStatus.QUEUED,
        col(Letter.next_attempt_at) <= now,
        or_(col(Letter.leased_until).is_(None), col(Letter.leased_until) <= now),
    )
