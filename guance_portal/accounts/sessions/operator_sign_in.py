"""Sign-in of operators: the password, then a code; only both together make a ticket."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts import queries
from guance_portal.accounts.errors import (
    InitialPasswordExpiredError,
    SamePasswordError,
    SecondFactorOverError,
    WrongCodeError,
)
from guance_portal.accounts.identity import operator_codes, password_rules, second_factor
from guance_portal.accounts.identity import queries as identity_queries
from guance_portal.accounts.identity.operator_codes import SecondFactors
from guance_portal.accounts.identity.proofs import Changed, Proofs, Root
from guance_portal.accounts.identity.second_factor import Enrolment
from guance_portal.accounts.identity.tables import Ticket, TicketKind
from guance_portal.accounts.rules import INITIAL_PASSWORD_LIFE
from guance_portal.accounts.sessions import tickets
from guance_portal.accounts.sessions.sign_in import PasswordCheck, SignInOrder
from guance_portal.accounts.tables import Operator
from guance_portal.core.actor import Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.core.limit_keys import of_account
from guance_portal.core.passwords import Passwords
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.sealing import Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The step after the password. `enrolment` is set at the first sign-in, when a new password is due as well."""

    token: str
    enrolment: Enrolment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """What an operator types after the password; `new_password` is asked for together with an enrolment."""

    challenge: str
    code: str
    new_password: str = ""


class OperatorSignIn:
    """Two steps: `begin` with the password, `finish` with a code."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        check: PasswordCheck,
        hashes: Passwords,
        rate_limits: RateLimits,
        sealer: Sealer,
        factors: SecondFactors,
        proofs: Proofs,
    ) -> None:
        self._database, self._clock, self._check = database, clock, check
        self._hashes, self._limits, self._sealer, self._factors = hashes, rate_limits, sealer, factors
        self._proofs = proofs

    async def begin(self, email: str, password: str, caller: Caller) -> Challenge:
        """The password step; raises WrongLoginError, InitialPasswordExpiredError or TooManyAttemptsError."""
        order = SignInOrder(realm=Realm.OPERATOR, login=email, password=password)
        proven = await self._check.who(order, caller)
        now = self._clock.now()
        async with self._database.writing() as work:
            await proven.require_unchanged(work)
            await _require_in_time(work, proven.subject_id, now)
            operator = await queries.operator(work, proven.subject_id)
            enrolment = None if operator.totp_secret else second_factor.enrol(operator.email)
            sealed = self._seal(enrolment) if enrolment else ""
            kind = TicketKind.SECOND_FACTOR
            token = tickets.issue(work, kind, Realm.OPERATOR, operator.id, caller, now=now, sealed=sealed)
            await work.commit()
        return Challenge(token=token, enrolment=enrolment)

    async def finish(self, step: SecondStep, caller: Caller) -> str:
        """The second step; returns a ticket for `POST /session/open`.

        The code is the authenticator's or, once enrolled, a recovery code. Raises WrongCodeError (field `code`),
        SecondFactorOverError, SamePasswordError and the errors of `password_rules` (field `new_password`),
        TooManyAttemptsError.
        """
        challenge = await self._challenge(step, caller)
        await self._limits.hit("second_factor", of_account(Realm.OPERATOR, challenge.subject_id))
        new_hash = await self._chosen(challenge, step) if challenge.sealed else ""
        now = self._clock.now()
        async with self._database.writing() as work:
            tries_left = await tickets.count_try(work, step.challenge, caller, now)
            operator = await queries.operator(work, challenge.subject_id)
            is_first = not operator.totp_secret
            if tries_left is None or is_first != bool(challenge.sealed):
                raise SecondFactorOverError
            secret = self._factors.secret(operator) if not is_first else self._unseal(challenge).secret
            if not await self._factors.use(work, operator, secret, step.code, caller=caller, now=now):
                await work.commit()
                raise WrongCodeError(field="code", tries=tries_left) if tries_left else SecondFactorOverError
            await tickets.consume(work, TicketKind.SECOND_FACTOR, step.challenge, caller, now)
            if is_first:
                await self._enrol(work, operator, self._unseal(challenge), new_hash, caller=caller, now=now)
            ticket = tickets.issue(work, TicketKind.SESSION, Realm.OPERATOR, operator.id, caller, now=now)
            await work.commit()
        await self._limits.forgive("second_factor", of_account(Realm.OPERATOR, challenge.subject_id))
        return ticket

    async def _challenge(self, step: SecondStep, caller: Caller) -> Ticket:
        async with self._database.reading() as work:
            kind, now = TicketKind.SECOND_FACTOR, self._clock.now()
            challenge = await tickets.find(work, kind, step.challenge, caller, now)
        if challenge is None:
            raise SecondFactorOverError
        return challenge

    async def _chosen(self, challenge: Ticket, step: SecondStep) -> str:
        """The hash of the new password; one that will not do is no guess at the code and does not count as one."""
        try:
            return await self._new_hash(challenge, step)
        except PortalError:
            await self._limits.forgive("second_factor", of_account(Realm.OPERATOR, challenge.subject_id))
            raise

    async def _new_hash(self, challenge: Ticket, step: SecondStep) -> str:
        async with self._database.reading() as work:
            operator = await queries.operator(work, challenge.subject_id)
            initial = await identity_queries.credential(work, Realm.OPERATOR, operator.id)
        verdict = await asyncio.to_thread(
            password_rules.judge,
            step.new_password,
            username=operator.name,
            email=operator.email,
            field="new_password",
        )
        verdict.require()
        if initial and await self._hashes.verify(step.new_password, initial.password_hash):
            raise SamePasswordError(field="new_password")
        return await self._hashes.hash(step.new_password)

    async def _enrol(
        self,
        work: UnitOfWork,
        operator: Operator,
        enrolment: Enrolment,
        new_hash: str,
        *,
        caller: Caller,
        now: datetime,
    ) -> None:
        await self._factors.save(work, operator, enrolment.secret, enrolment.recovery_codes, now)
        await identity_queries.set_password(work, Realm.OPERATOR, operator.id, new_hash, now=now)
        await self._proofs.void(work, Changed(root=Root.PASSWORD, realm=Realm.OPERATOR, id=operator.id), now)
        await operator_codes.tell(work, "enrolled", operator, caller, now)

    def _seal(self, enrolment: Enrolment) -> str:
        return self._sealer.seal(json.dumps([enrolment.secret, enrolment.uri, enrolment.recovery_codes]))

    def _unseal(self, challenge: Ticket) -> Enrolment:
        secret, uri, codes = json.loads(self._sealer.open(challenge.sealed))
        return Enrolment(secret=secret, uri=uri, recovery_codes=tuple(codes))


async def _require_in_time(work: UnitOfWork, operator_id: str, now: datetime) -> None:
    """Raise InitialPasswordExpiredError when the password is an initial one that lay around for too long."""
    known = await identity_queries.credential(work, Realm.OPERATOR, operator_id)
    if known and known.is_initial and now - known.changed_at >= INITIAL_PASSWORD_LIFE:
        raise InitialPasswordExpiredError(days=INITIAL_PASSWORD_LIFE.days)
