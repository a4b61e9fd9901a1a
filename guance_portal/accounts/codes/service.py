"""Codes sent by e-mail: six digits that prove an address for one purpose, once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guance_portal.accounts.codes import queries, rules
from guance_portal.accounts.codes.rules import CodeEnd, CodePurpose
from guance_portal.accounts.codes.tables import EmailCode
from guance_portal.accounts.rules import email_key
from guance_portal.core.actor import Caller
from guance_portal.core.clock import Clock
from guance_portal.core.db import UnitOfWork
from guance_portal.core.errors import PortalError
from guance_portal.core.ids import new_id
from guance_portal.core.sealing import Sealer

SEALED_FOR = "email-codes"
"""The purpose of the key that code hashes are made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScope:
    """What a code is good for: this purpose, site (empty when it spans sites) and address, asked for by this holder."""

    purpose: CodePurpose
    site: str
    email: str
    holder: str


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code, to be put into an email at once: nothing keeps the digits."""

    id: str
    digits: str


class EmailCodes:
    """Works inside the caller's unit of work, which must commit even when a try failed, so that it counts."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer, self._clock = sealer, clock

    async def issue(
        self,
        work: UnitOfWork,
        scope: CodeScope,
        caller: Caller,
        *,
        is_decoy: bool = False,
        is_caught: bool = False,
    ) -> IssuedCode:
        """A new code; the holder's earlier ones are superseded.

        A decoy counts and expires like a code, but nothing that can be typed matches it. One that `is_caught` is a
        decoy for a program: nothing is sent, and it counts for its holder alone. Raises CodeTooSoonError,
        CodeJustSentError, CodeLimitError, the same for codes and decoys.
        """
        now, address = self._clock.now(), email_key(scope.email)
        await queries.lock(work, scope.holder, address)
        if wait := await self.seconds_to_wait(work, scope):
            just_sent = await self._was_just_sent(work, scope, now)
            raise rules.CodeJustSentError(wait) if just_sent else rules.CodeTooSoonError(wait)
        await self._hold_to_limits(work, scope, caller, now)
        await queries.end_live(work, scope.purpose, scope.holder, CodeEnd.SUPERSEDED, now)
        issued = IssuedCode(new_id("code"), f"{secrets.randbelow(10**6):06}")
        work.session.add(
            EmailCode(
                id=issued.id,
                purpose=scope.purpose,
                site=scope.site,
                holder=scope.holder,
                email_key=address,
                code_hash=self._hash(issued.id, secrets.token_hex() if is_decoy or is_caught else issued.digits),
                is_caught=is_caught,
                address=caller.address,
                created_at=now,
                expires_at=now + rules.LIFE,
            )
        )
        await work.session.flush()
        return issued

    async def check(self, work: UnitOfWork, scope: CodeScope, typed: str) -> PortalError | None:
        """Use the code up, or say why not: the problem is returned and not raised, since a wrong try must be committed.

        CodeMissingError, CodeFormatError, CodeNotSentError, CodeDeadError, CodeExpiredError, CodeSupersededError,
        CodeWrongError, CodeSpentError.
        """
        try:
            digits = rules.read(typed)
        except (rules.CodeMissingError, rules.CodeFormatError) as problem:
            return problem
        newest, *earlier = await queries.of_holder(work, scope.purpose, scope.holder) or (None,)
        if newest is None:
            return rules.CodeNotSentError(field=rules.FIELD)
        return self._try(newest, earlier, scope, digits, self._clock.now())

    async def void(self, work: UnitOfWork, purpose: CodePurpose, holder: str) -> None:
        """Make the holder's code worthless, because its address or site changed."""
        await queries.end_live(work, purpose, holder, CodeEnd.VOID, self._clock.now())

    async def seconds_to_wait(self, work: UnitOfWork, scope: CodeScope) -> int:
        """How long until another code may be sent to the address, so that a page can count down after a reload."""
        address = email_key(scope.email)
        sent = await queries.last_sent(work, scope.purpose, scope.site, address, holder=scope.holder)
        return rules.seconds_to_wait(sent, self._clock.now())

    async def _was_just_sent(self, work: UnitOfWork, scope: CodeScope, now: datetime) -> bool:
        newest = next(iter(await queries.of_holder(work, scope.purpose, scope.holder)), None)
        return (
            newest is not None
            and newest.ended_at is None
            and (newest.site, newest.email_key) == (scope.site, email_key(scope.email))
            and now - newest.created_at < rules.ONE_PRESS
        )

    async def _hold_to_limits(self, work: UnitOfWork, scope: CodeScope, caller: Caller, now: datetime) -> None:
        address = email_key(scope.email)
        sent = await queries.sent_since(work, address, now - rules.DAY, holder=scope.holder)
        is_own = scope.purpose.is_own or await queries.was_signed_in(work, caller.visitor, address)
        if most := rules.limit_reached(sent, scope.purpose, scope.site, is_own=is_own):
            raise rules.CodeLimitError(field=rules.FIELD, most=most)

    def _try(
        self, newest: EmailCode, earlier: Sequence[EmailCode | None], scope: CodeScope, digits: str, now: datetime
    ) -> PortalError | None:
        if newest.ended_at is not None:
            is_spent = newest.end is CodeEnd.SPENT
            return rules.CodeSpentError(field=rules.FIELD) if is_spent else rules.CodeDeadError(field=rules.FIELD)
        if (newest.site, newest.email_key) != (scope.site, email_key(scope.email)):
            _end(newest, CodeEnd.VOID, now)
            return rules.CodeDeadError(field=rules.FIELD)
        if now >= newest.expires_at:
            return rules.CodeExpiredError(field=rules.FIELD)
        if self._matches(newest, digits):
            _end(newest, CodeEnd.USED, now)
            return None
        if any(code and code.end is CodeEnd.SUPERSEDED and self._matches(code, digits) for code in earlier):
            return rules.CodeSupersededError(field=rules.FIELD)
        newest.tries += 1
        if newest.tries >= rules.TRIES:
            _end(newest, CodeEnd.SPENT, now)
        return rules.after_wrong_try(newest.tries)

    def _matches(self, code: EmailCode, digits: str) -> bool:
        return hmac.compare_digest(code.code_hash, self._hash(code.id, digits))

    def _hash(self, code_id: str, digits: str) -> str:
        return self._sealer.fingerprint(f"{code_id}:{digits}")


def _end(code: EmailCode, end: CodeEnd, now: datetime) -> None:
    code.ended_at, code.end = now, end
