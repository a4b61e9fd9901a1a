"""Making, showing and deleting the API keys of a workspace, and telling whose a presented key is."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlmodel
from sqlalchemy import func, or_, select, update
from sqlmodel import col

from guance_portal.accounts.keys.errors import NoScopeError, TooManyKeysError
from guance_portal.accounts.keys.rules import MOST_KEYS, KeyHolder, KeyView, Scope, beginning_of, key_name, new_key
from guance_portal.accounts.keys.tables import ApiKey
from guance_portal.accounts.members.access import MANAGERS, require_role, require_shown
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, User, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.tokens import digest

NOTE_USE_EVERY = timedelta(minutes=1)
"""How old the moment of the last use may grow while a key is in use: no request must wait for a write of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """A key that somebody wants, for the workspace that their page shows."""

    actor: Actor
    caller: Caller
    workspace_id: str
    name: str
    scopes: AbstractSet[Scope]


class KeyService:
    """The keys of every workspace. The clock is the machine's: this is about access, not billing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def create(self, order: KeyOrder) -> str:
        """Make a key and return it: it is shown this once, and stored as its digest alone. For owner and admin.

        Raises NotAllowedError, WorkspaceSwitchedError, NotMemberError, the errors of `key_name`, NoScopeError, TooManyKeysError.
        """
        require_shown(order.actor, order.workspace_id)
        name = key_name(order.name)
        if not order.scopes:
            raise NoScopeError
        key, now = new_key(), self._clock.now()
        async with self._database.writing() as work:
            await _lock(work, order.actor)
            if await _count(work, order.workspace_id) >= MOST_KEYS:
                raise TooManyKeysError(most=MOST_KEYS)
            row = ApiKey(
                id=new_id("akey"),
                workspace_id=order.workspace_id,
                digest=digest(key),
                beginning=beginning_of(key),
                name=name,
                scopes=sorted(order.scopes),
                created_by=order.actor.subject_id,
                created_at=now,
            )
            work.session.add(row)
            audit.record(
                work,
                "api_key.created",
                ("workspace", order.workspace_id),
                at=now,
                actor=order.actor,
                caller=order.caller,
                key=row.beginning,
                name=name,
                scopes=" ".join(row.scopes),
            )
            await work.commit()
        return key

    async def keys(self, actor: Actor) -> list[KeyView]:
        """The keys in force of the session's workspace, newest first, for owner and admin; raises NotAllowedError."""
        found = (
            sqlmodel.select(ApiKey, col(User.username))
            .join(User, col(User.id) == col(ApiKey.created_by))
            .where(col(ApiKey.workspace_id) == actor.workspace_id, col(ApiKey.ended_at).is_(None))
            .order_by(col(ApiKey.created_at).desc(), col(ApiKey.id))
        )
        async with self._database.reading() as work:
            await require_role(work, actor, MANAGERS)
            rows = (await work.session.exec(found)).all()
        return [
            KeyView(
                id=key.id,
                name=key.name,
                beginning=key.beginning,
                scopes=frozenset(map(Scope, key.scopes)),
                creator=creator,
                created_at=key.created_at,
                last_used_at=key.last_used_at,
            )
            for key, creator in rows
        ]

    async def delete(self, actor: Actor, key_id: str, caller: Caller) -> None:
        """End a key at once; one that has ended stays so. For owner and admin; raises NotAllowedError."""
        now = self._clock.now()
        async with self._database.writing() as work:
            await _lock(work, actor)
            ended = (
                update(ApiKey)
                .where(
                    col(ApiKey.id) == key_id,
                    col(ApiKey.workspace_id) == actor.workspace_id,
                    col(ApiKey.ended_at).is_(None),
                )
                .values(ended_at=now)
                .returning(col(ApiKey.beginning), col(ApiKey.name))
            )
            connection = await work.session.connection()
            key = (await connection.execute(ended)).one_or_none()
            if key is None:
                return
            subject = ("workspace", actor.workspace_id)
            audit.record(
                work,
                "api_key.deleted",
                subject,
                at=now,
                actor=actor,
                caller=caller,
                key=key.beginning,
                name=key.name,
            )
            await work.commit()

    async def end_all(self, work: UnitOfWork, workspace_id: str) -> None:
        """End every key of a workspace, in the transaction that dissolves it."""
        in_force = col(ApiKey.workspace_id) == workspace_id, col(ApiKey.ended_at).is_(None)
        connection = await work.session.connection()
        await connection.execute(update(ApiKey).where(*in_force).values(ended_at=self._clock.now()))

    async def holder(self, key: str) -> KeyHolder | None:
        """Whom this key stands for now; None for a wrong, deleted or missing one. Notes that it was used."""
        is_owner = (col(Member.workspace_id) == col(ApiKey.workspace_id)) & (col(Member.role) == Role.OWNER)
        found = (
            select(
                col(ApiKey.id),
                col(ApiKey.workspace_id),
                col(ApiKey.scopes),
                col(ApiKey.last_used_at),
                col(Member.user_id),
            )
            .outerjoin(Member, is_owner)
            .where(col(ApiKey.digest) == digest(key), col(ApiKey.ended_at).is_(None))
        )
        rows = await self._database.rows(found)
        if not rows:
            return None
        row = rows[0]
        await self._note_use(row.id, row.last_used_at)
        return KeyHolder(
            key_id=row.id,
            workspace_id=row.workspace_id,
            person=row.user_id or row.workspace_id,
            scopes=frozenset(map(Scope, row.scopes)),
        )

    async def _note_use(self, key_id: str, last_used_at: datetime | None) -> None:
        now = self._clock.now()
        if last_used_at and now - last_used_at < NOTE_USE_EVERY:
            return
        used = col(ApiKey.last_used_at)
        async with self._database.writing() as work:
            connection = await work.session.connection()
            await connection.execute(
                update(ApiKey).where(col(ApiKey.id) == key_id, or_(used.is_(None), used < now)).values(last_used_at=now)
            )
            await work.commit()


async def _count(work: UnitOfWork, workspace_id: str) -> int:
    in_force = col(ApiKey.workspace_id) == workspace_id, col(ApiKey.ended_at).is_(None)
    connection = await work.session.connection()
    return (await connection.execute(select(func.count()).select_from(ApiKey).where(*in_force))).scalar_one()


async def _lock(work: UnitOfWork, actor: Actor) -> None:
    """One change of a workspace's keys at a time, by somebody who may. Raises NotAllowedError.

    The role is read behind the lock: anyone who waited here may have lost it, or the workspace may be dissolved.
    """
    connection = await work.session.connection()
    row = select(col(Workspace.id)).where(col(Workspace.id) == actor.workspace_id).with_for_update(key_share=True)
    await connection.execute(row)
    await require_role(work, actor, MANAGERS)
