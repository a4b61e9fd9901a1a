"""The tokens that DataKits prove their workspace with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy import or_, select, update
from sqlmodel import col

from guance_portal.accounts.members.access import MANAGERS, require_role
from guance_portal.accounts.rules import Role
from guance_portal.accounts.tables import Member, Workspace
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.sealing import Sealer
from guance_portal.core.tokens import digest
from guance_portal.metering.tables import WorkspaceToken

SEALED_FOR = "workspace-token"


class Grace(IntEnum):
    """How long a replaced token is still taken, in seconds."""

    NONE = 0
    TEN_MINUTES = 10 * 60
    SIX_HOURS = 6 * 3600
    TWELVE_HOURS = 12 * 3600
    DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """The workspace that a token belongs to, and the person who owns that: shares of the machine are a person's."""

    workspace_id: str
    person: str


class TokenService:
    """Hands out, shows and replaces tokens. The clock is the machine's: this is about access, not billing."""

    def __init__(self, database: Database, clock: Clock, sealer: Sealer) -> None:
        self._database, self._clock, self._sealer = database, clock, sealer

    async def holder(self, token: str) -> TokenHolder | None:
        """Whom this token belongs to now; None for a wrong, old or missing one."""
        is_owner = (col(Member.workspace_id) == col(WorkspaceToken.workspace_id)) & (col(Member.role) == Role.OWNER)
        found = (
            select(col(WorkspaceToken.workspace_id), col(Member.user_id))
            .outerjoin(Member, is_owner)
            .where(
                col(WorkspaceToken.digest) == digest(token),
                or_(col(WorkspaceToken.ends_at).is_(None), col(WorkspaceToken.ends_at) > self._clock.now()),
            )
        )
        async with self._database.reading() as work:
            connection = await work.session.connection()
            row = (await connection.execute(found)).one_or_none()
        return TokenHolder(row[0], row[1] or row[0]) if row else None

    async def former_holder(self, token: str) -> str | None:
        """The id of the workspace that this token was replaced in; None for one that never was, or still is taken."""
        found = select(col(WorkspaceToken.workspace_id)).where(
            col(WorkspaceToken.digest) == digest(token), col(WorkspaceToken.ends_at) <= self._clock.now()
        )
        async with self._database.reading() as work:
            connection = await work.session.connection()
            return (await connection.execute(found)).scalar_one_or_none()

    async def belonged_to_dissolved(self, token: str) -> bool:
        """Whether this is a token that no one holds any more because its workspace was dissolved."""
        found = select(col(Workspace.id)).join(WorkspaceToken, col(WorkspaceToken.workspace_id) == col(Workspace.id))
        dissolved = found.where(col(WorkspaceToken.digest) == digest(token), col(Workspace.dissolved_at).is_not(None))
        async with self._database.reading() as work:
            connection = await work.session.connection()
            return (await connection.execute(dissolved)).scalar_one_or_none() is not None

    async def retire(self, work: UnitOfWork, workspace_id: str) -> None:
        """Let every token of a workspace die at once, in the transaction that dissolves it."""
        await _retire(work, workspace_id, self._clock.now())

    async def issue(self, work: UnitOfWork, workspace_id: str) -> str:
        """The first token of a workspace, written into the transaction that opens it."""
        return await self._write(work, workspace_id, self._clock.now())

    async def show(self, actor: Actor) -> str:
        """The current token of the session's workspace, for owner and admin; raises NotAllowedError.

        A workspace that has none yet gets its first one.
        """
        async with self._database.reading() as work:
            await require_role(work, actor, MANAGERS)
            if sealed := await _current(work, actor.workspace_id):
                return self._sealer.open(sealed)
        async with self._database.writing() as work:
            await _lock(work, actor)
            if sealed := await _current(work, actor.workspace_id):
                return self._sealer.open(sealed)
            token = await self.issue(work, actor.workspace_id)
            await work.commit()
        return token

    async def replace(self, actor: Actor, grace: Grace, caller: Caller | None = None) -> str:
        """A new token; the old ones die after `grace`, or earlier if they were to. Raises NotAllowedError."""
        now = self._clock.now()
        async with self._database.writing() as work:
            await _lock(work, actor)
            await _retire(work, actor.workspace_id, now + timedelta(seconds=grace))
            token = await self._write(work, actor.workspace_id, now)
            audit.record(
                work,
                "workspace_token.replaced",
                ("workspace", actor.workspace_id),
                at=now,
                actor=actor,
                caller=caller,
                grace_seconds=str(int(grace)),
            )
            await work.commit()
        return token

    async def _write(self, work: UnitOfWork, workspace_id: str, at: datetime) -> str:
        token = new_id("tkn")
        sealed = self._sealer.seal(token)
        work.session.add(WorkspaceToken(digest=digest(token), workspace_id=workspace_id, sealed=sealed, created_at=at))
        await work.session.flush()
        return token


async def _current(work: UnitOfWork, workspace_id: str) -> str | None:
    found = select(col(WorkspaceToken.sealed)).where(
        col(WorkspaceToken.workspace_id) == workspace_id, col(WorkspaceToken.ends_at).is_(None)
    )
    connection = await work.session.connection()
    return (await connection.execute(found)).scalar_one_or_none()


async def _lock(work: UnitOfWork, actor: Actor) -> None:
    """One replacement at a time; rows that only point at the workspace need not wait. Raises NotAllowedError.

    The role is read behind the lock: anyone who waited here may have lost it, or the workspace may be dissolved.
    """
    connection = await work.session.connection()
    row = select(col(Workspace.id)).where(col(Workspace.id) == actor.workspace_id).with_for_update(key_share=True)
    await connection.execute(row)
    await require_role(work, actor, MANAGERS)


async def _retire(work: UnitOfWork, workspace_id: str, at: datetime) -> None:
    ends = col(WorkspaceToken.ends_at)
    connection = await work.session.connection()
    await connection.execute(
        update(WorkspaceToken)
        .where(col(WorkspaceToken.workspace_id) == workspace_id, or_(ends.is_(None), ends > at))
        .values(ends_at=at)
    )
