"""The password step of every sign-in: it ends in a ticket for this browser, never in a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from guance_portal.accounts.errors import WRONG_LOGIN
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.identity.login_keys import of_login
from guance_portal.accounts.identity.tables import TicketKind
from guance_portal.accounts.ports import Directory
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.accounts.sessions import tickets
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotAllowedError
from guance_portal.core.limit_keys import LimitKey, in_place, of_network
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOrder:
    """What a person types at a sign-in page; `site` counts in the console only, `keep` asks for a long session."""

    realm: Realm
    login: str
    password: str
    site: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSignIn:
    """Somebody who knew the password with this hash."""

    realm: Realm
    subject_id: str
    password_hash: str

    async def require_unchanged(self, work: UnitOfWork) -> None:
        """Raise WrongLoginError when another password was set since; none can be until the unit of work ends."""
        if not await self.is_unchanged(work):
            raise WRONG_LOGIN[self.realm]

    async def is_unchanged(self, work: UnitOfWork) -> bool:
        """Whether it is the password still; it stays so until the unit of work ends."""
        known = await identity_queries.credential(work, self.realm, self.subject_id, lock=True)
        return known is not None and known.password_hash == self.password_hash


class PasswordCheck:
    """Finds out who signs in, saying the same and taking as long for an unknown login as for a wrong password.

    Tries are counted before the password is looked at, and given back when it was right. Strangers to a login
    share one count, so that guessing from many addresses is slow; a browser that has been signed in as this
    person before has a count of its own, so that strangers cannot shut its owner out.
    """

    def __init__(
        self,
        database: Database,
        directories: Mapping[Realm, Directory],
        hashes: Passwords,
        rate_limits: RateLimits,
    ) -> None:
        self._database, self._directories = database, directories
        self._hashes, self._limits = hashes, rate_limits

    async def who(self, order: SignInOrder, caller: Caller) -> ProvenSignIn:
        """Whose login and password these are; raises WrongLoginError or TooManyAttemptsError."""
        async with self._database.reading() as work:
            subject = await self._directories[order.realm].find(work, order.login, order.site) or ""
            known = await identity_queries.credential(work, order.realm, subject)
            is_known_browser = await session_queries.has_been_here(work, order.realm, subject, caller.visitor)
        login = of_login(self._directories[order.realm], order.login, order.site)
        counts = _counts(login, caller, is_known_browser=is_known_browser)
        for name, key in counts:
            await self._limits.hit(name, key)
        if not await self._hashes.verify(order.password, known.password_hash if known else None) or known is None:
            log.info("sign_in_refused", realm=order.realm, address=caller.address)
            raise WRONG_LOGIN[order.realm]
        for name, key in counts:
            await self._limits.forgive(name, key)
        proven = ProvenSignIn(realm=order.realm, subject_id=subject, password_hash=known.password_hash)
        return await self._rehash(proven, order) if self._hashes.is_outdated(known.password_hash) else proven

    async def _rehash(self, proven: ProvenSignIn, order: SignInOrder) -> ProvenSignIn:
        new_hash = await self._hashes.hash(order.password)
        async with self._database.writing() as work:
            await proven.require_unchanged(work)
            await identity_queries.renew_hash(work, proven.realm, proven.subject_id, new_hash)
            await work.commit()
        return replace(proven, password_hash=new_hash)


class SignInService:
    """Sign-in of the realms where the password is enough."""

    def __init__(self, database: Database, clock: Clock, check: PasswordCheck) -> None:
        self._database, self._clock, self._check = database, clock, check

    async def sign_in(self, order: SignInOrder, caller: Caller) -> str:
        """A ticket for `POST /session/open`; raises WrongLoginError or TooManyAttemptsError."""
        if order.realm is Realm.OPERATOR:
            raise NotAllowedError
        proven = await self._check.who(order, caller)
        now = self._clock.now()
        async with self._database.writing() as work:
            await proven.require_unchanged(work)
            ticket = tickets.issue(
                work, TicketKind.SESSION, proven.realm, proven.subject_id, caller, now=now, keep=order.keep
            )
            await work.commit()
        return ticket


def _counts(login: LimitKey, caller: Caller, *, is_known_browser: bool) -> list[tuple[str, LimitKey]]:
    own = ("sign_in_per_browser", in_place(login, caller, is_known=is_known_browser))
    everyone = ("sign_in_per_address", of_network(caller.address))
    return [everyone, own] if is_known_browser else [everyone, own, ("sign_in_by_strangers", login)]
