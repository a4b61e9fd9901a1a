"""All SQL about sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, bindparam, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from guance_portal.accounts.identity.tables import Session
from guance_portal.accounts.ports import Directory
from guance_portal.accounts.rules import is_live
from guance_portal.core.actor import Actor, Realm
from guance_portal.core.db import Reader, UnitOfWork
from guance_portal.core.messages import Language

_MAKER: Any = aliased(Session)
"""The console session that a fee-centre session came from by the SSO handoff: when it ends, so does the other."""
_ENDED_AT = func.coalesce(col(Session.ended_at), _MAKER.ended_at)


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session with the person it belongs to."""

    id: str
    subject_id: str
    workspace_id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    maker_id: str
    name: str
    email: str
    language: Language
    site: str


async def by_token(reader: Reader, directory: Directory, token_hash: str) -> FoundSession | None:
    """The session with this token in the directory's realm, dead or alive: one row by one unique index."""
    rows = await reader.rows(_by_token(directory), token_hash=token_hash)
    return FoundSession(*rows[0]) if rows else None


async def successor(reader: Reader, directory: Directory, token_hash: str, visitor: str) -> FoundSession | None:
    """The session opened last in the directory's realm, and not ended, in the browser that was given this token."""
    rows = await reader.rows(_successor(directory), token_hash=token_hash, visitor=visitor)
    return FoundSession(*rows[0]) if rows and visitor else None


@cache
def _by_token(directory: Directory) -> Select[*tuple[Any, ...]]:
    """The query of every event: put together once, which costs more than running it."""
    return _found(directory).where(col(Session.token_hash) == bindparam("token_hash"))


@cache
def _successor(directory: Directory) -> Select[*tuple[Any, ...]]:
    replaced: Any = aliased(Session)
    was_given = sqlalchemy.exists().where(
        replaced.token_hash == bindparam("token_hash"),
        replaced.realm == directory.realm,
        replaced.visitor == col(Session.visitor),
    )
    newest = _found(directory).where(col(Session.visitor) == bindparam("visitor"), _ENDED_AT.is_(None), was_given)
    return newest.order_by(col(Session.created_at).desc(), col(Session.id)).limit(1)


def _found(directory: Directory) -> Select[*tuple[Any, ...]]:
    people = directory.people
    return (
        sqlalchemy.select(
            col(Session.id),
            col(Session.subject_id),
            col(Session.workspace_id),
            col(Session.created_at),
            col(Session.last_seen_at),
            col(Session.expires_at),
            _ENDED_AT,
            col(Session.maker_id),
            people.name,
            people.email,
            people.language,
            people.site,
        )
        .join(people.table, people.id == col(Session.subject_id))
        .outerjoin(_MAKER, _MAKER.id == col(Session.maker_id))
        .where(col(Session.realm) == directory.realm)
    )


_MARK_SEEN = update(Session).where(col(Session.id) == bindparam("session_id")).values(last_seen_at=bindparam("at"))


async def mark_seen(work: UnitOfWork, seen: Mapping[str, datetime]) -> None:
    """Write down when each session gave its last sign of life."""
    rows = [{"session_id": session_id, "at": at} for session_id, at in sorted(seen.items())]
    await (await work.session.connection()).execute(_MARK_SEEN, rows)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that nobody has ended, as the list of devices shows it."""

    id: str
    realm: Realm
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    device: str
    place_zh: str
    place_en: str


async def open_of(reader: Reader, realm: Realm, subject_id: str) -> list[OpenSession]:
    """A person's sessions, and those they made, that nobody has ended (some may have run out), last seen first."""
    return [OpenSession(*row) for row in await reader.rows(_OPEN_OF, realm=realm, subject_id=subject_id)]


_OPEN_OF = (
    sqlalchemy.select(*(col(getattr(Session, field.name)) for field in fields(OpenSession)))
    .outerjoin(_MAKER, _MAKER.id == col(Session.maker_id))
    .where(
        or_(
            and_(col(Session.realm) == bindparam("realm"), col(Session.subject_id) == bindparam("subject_id")),
            and_(_MAKER.realm == bindparam("realm"), _MAKER.subject_id == bindparam("subject_id")),
        ),
        _ENDED_AT.is_(None),
    )
    .order_by(col(Session.last_seen_at).desc())
)


async def end(work: UnitOfWork, session_id: str, actor: Actor, now: datetime) -> bool:
    """End one of the actor's sessions, or one they made; False when it is nobody's, another's or already ended."""
    own = select(Session.id).where(col(Session.realm) == actor.realm, col(Session.subject_id) == actor.subject_id)
    theirs = or_(
        and_(col(Session.realm) == actor.realm, col(Session.subject_id) == actor.subject_id),
        col(Session.maker_id).in_(own),
    )
    ended = update(Session).where(col(Session.id) == session_id, col(Session.ended_at).is_(None), theirs)
    return (await work.session.exec(ended.values(ended_at=now))).rowcount == 1


async def open_by_token(work: UnitOfWork, realm: Realm, token_hash: str) -> Session | None:
    """The session with this token, unless somebody has ended it."""
    found = select(Session).where(col(Session.token_hash) == token_hash, col(Session.realm) == realm)
    return (await work.session.exec(found.where(col(Session.ended_at).is_(None)))).one_or_none()


async def end_by_token(work: UnitOfWork, realm: Realm, token_hash: str, now: datetime) -> Session | None:
    """End the session with this token and return it."""
    if session := await open_by_token(work, realm, token_hash):
        session.ended_at = now
    return session


async def end_all(work: UnitOfWork, realm: Realm, subject_id: str, now: datetime, *, but: str = "") -> int:
    """End a person's sessions, all or all `but` one; returns how many."""
    theirs = col(Session.realm) == realm, col(Session.subject_id) == subject_id, col(Session.ended_at).is_(None)
    return (
        await work.session.exec(update(Session).where(*theirs, col(Session.id) != but).values(ended_at=now))
    ).rowcount


async def has_been_here(work: UnitOfWork, realm: Realm, subject_id: str, visitor: str) -> bool:
    """Whether this browser has ever been signed in as this person."""
    if not visitor:
        return False
    found = select(Session.id).where(
        col(Session.realm) == realm, col(Session.subject_id) == subject_id, col(Session.visitor) == visitor
    )
    return (await work.session.exec(found.limit(1))).first() is not None


async def live(work: UnitOfWork, session_id: str, now: datetime) -> Session | None:
    """The session with this id, unless it has ended or run out."""
    found = await work.session.get(Session, session_id)
    return found if found and is_live(found.realm, found, now) else None
