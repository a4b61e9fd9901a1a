"""All SQL about codes sent by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col, select, update

from guance_portal.accounts.code_tables import EmailCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from guance_portal.accounts.code_rules import CodeEnd, CodePurpose
    from guance_portal.core.db import UnitOfWork


async def lock(work: UnitOfWork, holder: str, email_key: str) -> None:
    """Let no other transaction send codes for this holder or address until ours ends; SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        connection = await work.session.connection()
        for name in (f"email_codes:holder:{holder}", f"email_codes:address:{email_key}"):
            await connection.execute(sqlalchemy.select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def last_sent(work: UnitOfWork, purpose: CodePurpose, site: str, email_key: str) -> datetime | None:
    """When a code was last sent to the address for this purpose and site."""
    found = (
        select(EmailCode.created_at)
        .where(col(EmailCode.email_key) == email_key, col(EmailCode.purpose) == purpose, col(EmailCode.site) == site)
        .order_by(col(EmailCode.created_at).desc())
        .limit(1)
    )
    return (await work.session.exec(found)).one_or_none()


async def count_since(work: UnitOfWork, email_key: str, since: datetime) -> int:
    """How many codes the address was sent, for whatever purpose."""
    found = (
        select(func.count())
        .select_from(EmailCode)
        .where(col(EmailCode.email_key) == email_key, col(EmailCode.created_at) > since)
    )
    return (await work.session.exec(found)).one()


async def end_live(work: UnitOfWork, purpose: CodePurpose, holder: str, end: CodeEnd, now: datetime) -> None:
    """End the holder's live code, if there is one."""
    live = update(EmailCode).where(
        col(EmailCode.purpose) == purpose, col(EmailCode.holder) == holder, col(EmailCode.ended_at).is_(None)
    )
    await work.session.exec(live.values(ended_at=now, end=end))


async def of_holder(work: UnitOfWork, purpose: CodePurpose, holder: str) -> Sequence[EmailCode]:
    """The holder's codes, the newest first, locked."""
    found = (
        select(EmailCode)
        .where(col(EmailCode.purpose) == purpose, col(EmailCode.holder) == holder)
        .order_by(col(EmailCode.created_at).desc(), col(EmailCode.id))
        .limit(10)
        .with_for_update()
    )
    return (await work.session.exec(found)).all()
