"""进入费用中心: from the console to the fee centre without its password, for the one workspace, by its owner alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from guance_portal import routes
from guance_portal.accounts import rules
from guance_portal.accounts.errors import TicketSpentError
from guance_portal.accounts.members import workspace_queries
from guance_portal.accounts.rules import Role
from guance_portal.accounts.sessions import devices, tickets
from guance_portal.accounts.sessions import queries as session_queries
from guance_portal.accounts.sessions.service import SessionService
from guance_portal.accounts.sessions.views import OpenedSession
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import TooManyAttemptsError
from guance_portal.core.limit_keys import of_account, of_network
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.tokens import new_token
from guance_portal.payers import queries
from guance_portal.payers.errors import (
    SsoHandoffNotOwnerError,
    SsoHandoffNowhereError,
    SsoHandoffTooOftenError,
    SsoHandoffUsedError,
)
from guance_portal.payers.sso_handoff_tokens import TARGETS, SsoHandoff, SsoHandoffTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffArrival:
    """Where an SSO handoff leads; `opened` is None for a browser that is signed in to the whole account already."""

    target: str
    opened: OpenedSession | None


class SsoHandoffService:
    """Gives out the tickets of an SSO handoff and redeems them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        sessions: SessionService,
        tokens: SsoHandoffTokens,
        limits: RateLimits,
    ) -> None:
        self._database, self._clock = database, clock
        self._sessions, self._tokens, self._limits = sessions, tokens, limits

    async def ticket(self, actor: Actor, caller: Caller, target: str = routes.FEE_CENTER) -> str:
        """A ticket for `POST /session/sso-handoff`, for the workspace the session looks at.

        Raises SsoHandoffNotOwnerError, SsoHandoffNowhereError, TooManyAttemptsError.
        """
        if actor.realm is not Realm.CONSOLE or target not in TARGETS:
            raise SsoHandoffNotOwnerError
        await self._limits.hit("sso_handoff_per_user", of_account(actor.realm, actor.subject_id))
        handoff = SsoHandoff(
            number=new_token(),
            session_id=actor.session_id,
            user_id=actor.subject_id,
            workspace_id=actor.workspace_id,
            visitor=caller.visitor,
            target=target,
        )
        now = self._clock.now()
        async with self._database.writing() as work:
            account_id = await _payer(work, handoff)
            on = ("fee_account", account_id)
            audit.record(work, "jump.asked", on, at=now, actor=actor, caller=caller, workspace=handoff.workspace_id)
            await work.commit()
        return self._tokens.sign(handoff, now)

    async def enter(self, token: str, caller: Caller, replaces: Mapping[Realm, str]) -> HandoffArrival:
        """Redeem a ticket: a session limited to its workspace; the number is spent before the session exists.

        A person who is signed in to the whole account in this browser stays so. Raises SsoHandoffInvalidError,
        SsoHandoffExpiredError, SsoHandoffUsedError, SsoHandoffNotOwnerError, SsoHandoffNowhereError,
        SsoHandoffTooOftenError.
        """
        try:
            await self._limits.hit("sso_handoff_per_address", of_network(caller.address))
        except TooManyAttemptsError:
            raise SsoHandoffTooOftenError from None
        now = self._clock.now()
        handoff = self._tokens.read(token, caller.visitor, now)
        place = await asyncio.to_thread(devices.place, caller.address)
        async with self._database.writing() as work:
            account_id = await _payer(work, handoff)
            maker = await session_queries.live(work, handoff.session_id, now)
            if maker is None:
                raise SsoHandoffNotOwnerError
            try:
                proof = await tickets.redeem(
                    work,
                    handoff.number,
                    Realm.FEE_CENTER,
                    account_id,
                    caller,
                    workspace_id=handoff.workspace_id,
                    now=now,
                )
            except TicketSpentError:
                raise SsoHandoffUsedError from None
            held = await session_queries.open_by_token(work, Realm.FEE_CENTER, replaces.get(Realm.FEE_CENTER, ""))
            is_known = (
                held is not None
                and held.subject_id == account_id
                and not held.workspace_id
                and rules.is_live(Realm.FEE_CENTER, held, now)
            )
            opened = None
            if not is_known:
                opened = await self._sessions.begin(work, proof, caller, replaces, place, maker=maker)
            on = ("fee_account", account_id)
            workspace_id, user_id = handoff.workspace_id, handoff.user_id
            audit.record(work, "jump.made", on, at=now, caller=caller, workspace=workspace_id, user=user_id)
            await work.commit()
        return HandoffArrival(target=handoff.target, opened=opened)


async def _payer(work: UnitOfWork, handoff: SsoHandoff) -> str:
    """The account of the workspace, if the user is its owner now."""
    if await workspace_queries.role(work, handoff.workspace_id, handoff.user_id) is not Role.OWNER:
        raise SsoHandoffNotOwnerError
    account_id = await queries.payer_of(work, handoff.workspace_id)
    if account_id is None:
        raise SsoHandoffNowhereError
    return account_id
