"""Changing one's password, and setting a new one by mail when it is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts import queries
from guance_portal.accounts.errors import ResetLinkSpentError, SamePasswordError, WrongPasswordError
from guance_portal.accounts.identity import password_rules, warnings
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.identity.login_keys import of_login
from guance_portal.accounts.identity.password_rules import PasswordVerdict
from guance_portal.accounts.identity.proofs import Changed, Proofs, Root
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.ports import Directory, Person
from guance_portal.accounts.rules import RESET_LINK_LIFE
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.accounts.sessions.sign_in import ProvenSignIn
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError, NotSignedInError
from guance_portal.core.limit_keys import of_account, of_browser, of_network
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits
from guance_portal.mail import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordTools:
    """What every change of a password needs. `reset_address` builds the address of a reset link from its token."""

    database: Database
    clock: Clock
    directories: Mapping[Realm, Directory]
    hashes: Passwords
    rate_limits: RateLimits
    proofs: Proofs
    reset_address: Callable[[Realm, str], str]


class PasswordService:
    """Judges, changes and resets passwords of every realm."""

    def __init__(self, tools: PasswordTools) -> None:
        self._tools = tools
        self._database, self._clock, self._limits = tools.database, tools.clock, tools.rate_limits

    async def judge(self, password: str, caller: Caller, *, username: str = "", email: str = "") -> PasswordVerdict:
        """Score a password for the meter while it is typed; raises TooManyAttemptsError."""
        await self._limits.hit("password_score_per_visitor", of_browser(caller))
        await self._limits.hit("password_score_per_address", of_network(caller.address))
        return await asyncio.to_thread(password_rules.judge, password, username=username, email=email)

    async def confirm(self, actor: Actor, password: str, *, field: str) -> ProvenSignIn:
        """The person who is signed in knows their password; asked before what cannot be undone.

        Raises WrongPasswordError (with `field`), TooManyAttemptsError, PasswordNeededError.
        """
        require_password_session(actor)
        realm, subject = actor.realm, actor.subject_id
        await self._limits.hit("password_confirmation", of_account(realm, subject))
        async with self._database.reading() as work:
            known = await identity_queries.credential(work, realm, subject)
        if known is None:
            raise NotSignedInError
        if not await self._tools.hashes.verify(password, known.password_hash):
            raise WrongPasswordError(field=field)
        await self._limits.forgive("password_confirmation", of_account(realm, subject))
        return ProvenSignIn(realm=realm, subject_id=subject, password_hash=known.password_hash)

    async def change(self, actor: Actor, current: str, new: str, caller: Caller) -> None:
        """Set a new password, end the person's other sessions and tell them by mail.

        Raises WrongPasswordError (field `current`), SamePasswordError and the errors of `password_rules`
        (field `new`), TooManyAttemptsError.
        """
        realm, subject = actor.realm, actor.subject_id
        proven = await self.confirm(actor, current, field="current")
        async with self._database.reading() as work:
            person = await queries.person(work, self._tools.directories[realm], subject)
        if person is None:
            raise NotSignedInError
        if new == current:
            raise SamePasswordError(field="new")
        new_hash = await self._hash(new, person)
        now = self._clock.now()
        async with self._database.writing() as work:
            if not await proven.is_unchanged(work):
                raise WrongPasswordError(field="current")
            await identity_queries.set_password(work, realm, subject, new_hash, now=now)
            await self._tools.proofs.void(work, Changed(root=Root.PASSWORD, realm=realm, id=subject), now)
            ended = await session_queries.end_all(work, realm, subject, now, but=actor.session_id)
            on = (realm.value, subject)
            audit.record(work, "password.changed", on, at=now, actor=actor, caller=caller, ended=str(ended))
            await _tell(work, person, caller, now)
            await work.commit()

    async def ask_reset(self, realm: Realm, login: str, site: str, caller: Caller) -> None:
        """Send a reset link to anyone who has this login; says nothing of whether anybody has.

        Both answers write the same kind of rows in one transaction, so that neither is told by its time.
        Operators have no such link: theirs is `portal operator add`. Raises TooManyAttemptsError.
        """
        if realm is Realm.OPERATOR:
            raise NotAllowedError
        key = of_login(self._tools.directories[realm], login, site)
        await self._limits.hit("reset_per_address", of_network(caller.address))
        await self._limits.hit("reset_per_login", key)
        await self._limits.hit("reset_per_login_daily", key)
        now, directory = self._clock.now(), self._tools.directories[realm]
        async with self._database.writing() as work:
            subject = await directory.find(work, login, site) or ""
            person = await queries.person(work, directory, subject)
            link_id, token = await identity_queries.new_link(work, realm, subject, now)
            audit.record(work, "password.reset_asked", (realm.value, subject), at=now, caller=caller)
            if person:
                await outbox.queue(
                    work,
                    person,
                    "password_reset",
                    {
                        "name": person.name,
                        "link": self._tools.reset_address(realm, token),
                        "minutes": str(int(RESET_LINK_LIFE.total_seconds()) // 60),
                    },
                    idempotency_key=f"password_reset:{link_id}",
                )
            await work.commit()

    async def is_link_live(self, token: str, caller: Caller) -> bool:
        """Whether a reset link still works, so that its page can say so before anything is typed."""
        await self._limits.hit("reset_link_per_address", of_network(caller.address))
        async with self._database.reading() as work:
            return await identity_queries.live_link(work, token, self._clock.now()) is not None

    async def reset(self, token: str, new: str, caller: Caller) -> Realm:
        """Set a new password by a link from a mail; ends all sessions of the person; returns the realm.

        Raises ResetLinkSpentError, the errors of `password_rules` (field `new`), TooManyAttemptsError.
        """
        await self._limits.hit("reset_link_per_address", of_network(caller.address))
        now = self._clock.now()
        async with self._database.reading() as work:
            link = await identity_queries.live_link(work, token, now)
            directory = self._tools.directories[link.realm] if link else None
            person = await queries.person(work, directory, link.subject_id) if link and directory else None
        if link is None or person is None:
            raise ResetLinkSpentError
        new_hash = await self._hash(new, person)
        now = self._clock.now()
        async with self._database.writing() as work:
            if not await identity_queries.use_link(work, link, now):
                raise ResetLinkSpentError
            await identity_queries.set_password(work, person.realm, person.id, new_hash, now=now)
            await self._tools.proofs.void(work, Changed(root=Root.PASSWORD, realm=person.realm, id=person.id), now)
            ended = await session_queries.end_all(work, person.realm, person.id, now)
            on = (person.realm.value, person.id)
            audit.record(work, "password.reset", on, at=now, caller=caller, ended=str(ended))
            await _tell(work, person, caller, now)
            await work.commit()
        return person.realm

    async def _hash(self, new: str, person: Person) -> str:
        verdict = await asyncio.to_thread(
            password_rules.judge, new, username=person.name, email=person.email, field="new"
        )
        verdict.require()
        return await self._tools.hashes.hash(new)


async def _tell(work: UnitOfWork, person: Person, caller: Caller, now: datetime) -> None:
    template = "operator_password_changed" if person.realm is Realm.OPERATOR else "password_changed"
    await warnings.queue(work, template, person, caller, now)
