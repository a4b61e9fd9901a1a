"""All SQL about codes sent by e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement, func, literal, or_
from sqlmodel import col, select, update

from guance_portal.accounts.codes.rules import CodeEnd, CodePurpose
from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.accounts.identity.tables import Session
from guance_portal.accounts.tables import User
from guance_portal.core.actor import Realm
from guance_portal.core.db import UnitOfWork


async def lock(work: UnitOfWork, holder: str, email_key: str) -> None:
    """Let no other transaction send codes for this holder or address until ours ends; SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        connection = await work.session.connection()
        for name in (f"email_codes:holder:{holder}", f"email_codes:address:{email_key}"):
            await connection.execute(sqlalchemy.select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def last_sent(
    work: UnitOfWork, purpose: CodePurpose, site: str, email_key: str, *, holder: str = ""
) -> datetime | None:
    """When a code was last sent to the address for this purpose and site, as this holder may know it."""
    found = (
        select(EmailCode.created_at)
        .where(
            col(EmailCode.email_key) == email_key,
            col(EmailCode.purpose) == purpose,
            col(EmailCode.site) == site,
            _known_to(holder),
        )
        .order_by(col(EmailCode.created_at).desc())
        .limit(1)
    )
    return (await work.session.exec(found)).one_or_none()


async def sent_since(
    work: UnitOfWork, email_key: str, since: datetime, *, holder: str
) -> Sequence[tuple[CodePurpose, str]]:
    """Purpose and site of the codes that the address was sent, as this holder may know it."""
    found = select(col(EmailCode.purpose), col(EmailCode.site)).where(
        col(EmailCode.email_key) == email_key, col(EmailCode.created_at) > since, _known_to(holder)
    )
    return [(CodePurpose(purpose), site) for purpose, site in await work.session.exec(found)]


async def was_signed_in(work: UnitOfWork, visitor: str, email_key: str) -> bool:
    """Whether somebody with this address was ever signed in to the console at this browser, at any site."""
    if not visitor:
        return False
    found = (
        select(Session.id)
        .join(User, col(User.id) == col(Session.subject_id))
        .where(col(Session.realm) == Realm.CONSOLE, col(Session.visitor) == visitor, col(User.email_key) == email_key)
    )
    return (await work.session.exec(found.limit(1))).first() is not None


def _known_to(holder: str) -> ColumnElement[bool]:
    # What a program asked for was not sent; only the program itself is told as if it had been.
    return or_(col(EmailCode.is_caught).is_(False), col(EmailCode.holder) == holder)


async def end_live(work: UnitOfWork, purpose: CodePurpose, holder: str, end: CodeEnd, now: datetime) -> None:
    """End the holder's live code, if there is one."""
    live = update(EmailCode).where(
        col(EmailCode.purpose) == purpose, col(EmailCode.holder) == holder, col(EmailCode.ended_at).is_(None)
    )
    await work.session.exec(live.values(ended_at=now, end=end))


async def void_of(work: UnitOfWork, id_: str, now: datetime) -> None:
    """End the live codes whose holder is, or is made of, this id (of a person, an account or a workspace)."""
    parts = literal(":").concat(col(EmailCode.holder)).concat(":")
    live = update(EmailCode).where(col(EmailCode.ended_at).is_(None), parts.contains(f":{id_}:", autoescape=True))
    await work.session.exec(live.values(ended_at=now, end=CodeEnd.VOID))


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
