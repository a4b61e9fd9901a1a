"""Signed-in browsers: opened with a ticket, found by token hash, listed and ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from guance_portal.accounts import rules
from guance_portal.accounts.errors import SessionGoneError, TicketSpentError
from guance_portal.accounts.identity.tables import Session, Ticket, TicketKind
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.ports import Directory
from guance_portal.accounts.sessions import devices, tickets
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.accounts.sessions.views import LiveSession, OpenedSession, SessionView, live_session, session_view
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Text
from guance_portal.core.tokens import digest, new_token

_WRITE_SEEN_EVERY = 5.0


class SessionService:
    """Opens, finds and ends sessions of every realm."""

    def __init__(self, database: Database, clock: Clock, directories: Mapping[Realm, Directory]) -> None:
        self._database, self._clock, self._directories = database, clock, directories
        self._seen: dict[str, datetime] = {}

    async def run(self) -> None:
        """Write down the signs of life every few seconds, until cancelled.

        They do not hold up the event that gave them: after a restart all open pages give theirs in one moment.
        """
        while True:
            await asyncio.sleep(_WRITE_SEEN_EVERY)
            await self.write_seen()

    async def write_seen(self) -> None:
        """Write down the signs of life noted since the last time, all in one transaction."""
        if not self._seen:
            return
        noted = dict(self._seen)
        async with self._database.writing() as work:
            await session_queries.mark_seen(work, noted)
            await work.commit()
        self._seen = {session_id: at for session_id, at in self._seen.items() if noted.get(session_id) != at}

    async def find(self, realm: Realm, token_hash: str, *, is_active: bool = True) -> LiveSession | None:
        """The live session of this realm with this token hash; asked on every event, so it is one query.

        A sign of life is noted at most once a minute, unless it is the portal that acts and not the person.
        """
        now = self._clock.now()
        found = await session_queries.by_token(self._database, self._directories[realm], token_hash)
        if found is None:
            return None
        if noted := self._seen.get(found.id):
            found = replace(found, last_seen_at=max(noted, found.last_seen_at))
        if not rules.is_live(realm, found, now):
            return None
        if is_active and now - found.last_seen_at >= rules.SEEN_EVERY:
            # Work in the fee centre counts for the session that led there, too.
            self._seen |= dict.fromkeys(filter(None, (found.id, found.maker_id)), now)
        return live_session(realm, found)

    async def successor(self, realm: Realm, token_hash: str, visitor: str) -> LiveSession | None:
        """The live session that replaced another one in this browser; `token_hash` is that of the other one.

        The visitor's cookie alone proves nothing: it stays in the browser after signing out.
        """
        found = await session_queries.successor(self._database, self._directories[realm], token_hash, visitor)
        return live_session(realm, found) if found and rules.is_live(realm, found, self._clock.now()) else None

    async def open(self, ticket: str, caller: Caller, replaces: Mapping[Realm, str]) -> OpenedSession:
        """Turn a ticket into a session with a new token; raises TicketSpentError.

        `replaces` are the token hashes the browser holds: its old session of the same realm ends.
        """
        now = self._clock.now()
        # What is no ticket must not take its turn among those who write.
        async with self._database.reading() as work:
            if await tickets.find(work, TicketKind.SESSION, ticket, caller, now) is None:
                raise TicketSpentError
        place = await asyncio.to_thread(devices.place, caller.address)
        async with self._database.writing() as work:
            proof = await tickets.consume(work, TicketKind.SESSION, ticket, caller, now)
            if proof is None:
                raise TicketSpentError
            opened = await self.begin(work, proof, caller, replaces, place)
            await work.commit()
        return opened

    async def begin(
        self,
        work: UnitOfWork,
        proof: Ticket,
        caller: Caller,
        replaces: Mapping[Realm, str],
        place: Text,
        *,
        maker: Session | None = None,
    ) -> OpenedSession:
        """A session from a ticket that was just used up, with a new token; in the caller's transaction.

        `maker` is the session that it came from and ends with.
        """
        now = self._clock.now()
        await self._close(work, proof.realm, replaces.get(proof.realm, ""), caller)
        token = new_token()
        session = await _session(work, proof, digest(token), caller=caller, place=place, now=now)
        if maker:
            session.maker_id, session.expires_at = maker.id, min(session.expires_at, maker.expires_at)
        work.session.add(session)
        audit.record(work, "session.opened", ("session", session.id), at=now, actor=_actor(session), caller=caller)
        return OpenedSession(
            actor=_actor(session), token=token, keep_for=session.expires_at - now if proof.keep else None
        )

    async def mine(self, actor: Actor) -> list[SessionView]:
        """The actor's live sessions, the present one first, then by last sign of life."""
        require_password_session(actor)
        now = self._clock.now()
        rows = await session_queries.open_of(self._database, actor.realm, actor.subject_id)
        live = [row for row in rows if rules.is_live(row.realm, row, now)]
        return sorted((session_view(row, actor) for row in live), key=lambda view: not view.is_current)

    async def end(self, actor: Actor, session_id: str, caller: Caller) -> None:
        """End one of the actor's own sessions; raises SessionGoneError."""
        require_password_session(actor)
        now = self._clock.now()
        async with self._database.writing() as work:
            if not await session_queries.end(work, session_id, actor, now):
                raise SessionGoneError
            audit.record(work, "session.ended", ("session", session_id), at=now, actor=actor, caller=caller)
            await work.commit()

    async def end_others(self, actor: Actor, caller: Caller) -> int:
        """End all of the actor's sessions but the present one; returns how many."""
        return await self._end_many(actor, caller, "session.others_ended", but=actor.session_id)

    async def end_all(self, actor: Actor, caller: Caller) -> int:
        """End all of the actor's sessions, the present one too; returns how many."""
        return await self._end_many(actor, caller, "session.all_ended")

    async def close(self, realm: Realm, token_hash: str, caller: Caller) -> None:
        """Sign out: end the session with this token, if it still lives."""
        async with self._database.reading() as work:
            if await session_queries.open_by_token(work, realm, token_hash) is None:
                return
        async with self._database.writing() as work:
            await self._close(work, realm, token_hash, caller)
            await work.commit()

    async def _close(self, work: UnitOfWork, realm: Realm, token_hash: str, caller: Caller) -> None:
        now = self._clock.now()
        if session := await session_queries.end_by_token(work, realm, token_hash, now):
            on = ("session", session.id)
            audit.record(work, "session.closed", on, at=now, actor=_actor(session), caller=caller)

    async def _end_many(self, actor: Actor, caller: Caller, act: str, *, but: str = "") -> int:
        require_password_session(actor)
        now = self._clock.now()
        async with self._database.writing() as work:
            count = await session_queries.end_all(work, actor.realm, actor.subject_id, now, but=but)
            on = (actor.realm.value, actor.subject_id)
            audit.record(work, act, on, at=now, actor=actor, caller=caller, count=str(count))
            await work.commit()
        return count


async def _session(
    work: UnitOfWork, proof: Ticket, token_hash: str, *, caller: Caller, place: Text, now: datetime
) -> Session:
    is_console = proof.realm is Realm.CONSOLE
    workspace_id = proof.workspace_id
    if is_console and await workspace_queries.role(work, workspace_id, proof.subject_id) is None:
        workspace_id = await workspace_queries.to_start_in(work, proof.subject_id)
    return Session(
        id=new_id("sess"),
        token_hash=token_hash,
        realm=proof.realm,
        subject_id=proof.subject_id,
        workspace_id=workspace_id,
        created_at=now,
        last_seen_at=now,
        expires_at=rules.expiry(proof.realm, now, keep=proof.keep),
        visitor=caller.visitor,
        address=caller.address,
        user_agent=caller.user_agent,
        device=devices.device(caller.user_agent)[:120],
        place_zh=place.zh,
        place_en=place.en,
    )


def _actor(session: Session) -> Actor:
    return Actor(
        realm=session.realm,
        subject_id=session.subject_id,
        session_id=session.id,
        workspace_id=session.workspace_id,
    )
