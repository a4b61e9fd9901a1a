"""What an operator proves the second factor with: checked, kept, counted and renewed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from guance_portal.accounts import queries
from guance_portal.accounts.errors import WrongCodeError
from guance_portal.accounts.identity import second_factor, warnings
from guance_portal.accounts.identity.passwords import PasswordService
from guance_portal.accounts.ports import Person
from guance_portal.accounts.tables import Operator
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.limit_keys import of_account
from guance_portal.core.rate_limits import RateLimits
from guance_portal.core.sealing import Sealer


class SecondFactors:
    """The rows of second factors, within the transaction of the caller; secrets are sealed, codes hashed."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def secret(self, operator: Operator) -> str:
        """The secret that the operator's authenticator holds."""
        return self._sealer.open(operator.totp_secret)

    async def use(
        self, work: UnitOfWork, operator: Operator, secret: str, typed: str, *, caller: Caller, now: datetime
    ) -> bool:
        """Whether this is the authenticator's code or an unused recovery code, which is told by mail; used up now."""
        code = second_factor.normal_code(typed)
        time_step = second_factor.matching_step(secret, code, now)
        if time_step is not None:
            return await queries.use_totp_step(work, operator.id, time_step)
        if not await queries.use_recovery_code(work, operator.id, self._sealer.fingerprint(code), now):
            return False
        left = await queries.recovery_codes_left(work, operator.id)
        await tell(work, "recovery_code_used", operator, caller, now, left=str(left))
        return True

    async def save(
        self, work: UnitOfWork, operator: Operator, secret: str, recovery_codes: Iterable[str], now: datetime
    ) -> None:
        """Keep what was just enrolled."""
        await queries.save_second_factor(work, operator.id, self._sealer.seal(secret))
        await self.replace_codes(work, operator, recovery_codes, now)

    async def replace_codes(
        self, work: UnitOfWork, operator: Operator, recovery_codes: Iterable[str], now: datetime
    ) -> None:
        """Let these recovery codes stand in place of all older ones, used or not."""
        hashes = [self._sealer.fingerprint(second_factor.normal_code(code)) for code in recovery_codes]
        await queries.replace_recovery_codes(work, operator.id, hashes, now)


class RecoveryCodeService:
    """For an operator who is signed in: how many recovery codes are left, and new ones."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        factors: SecondFactors,
        passwords: PasswordService,
        rate_limits: RateLimits,
    ) -> None:
        self._database, self._clock = database, clock
        self._factors, self._passwords, self._limits = factors, passwords, rate_limits

    async def left(self, actor: Actor) -> int:
        """How many recovery codes the operator has not used; raises NotAllowedError for anybody else."""
        actor.require(Realm.OPERATOR)
        async with self._database.reading() as work:
            return await queries.recovery_codes_left(work, actor.subject_id)

    async def renew(self, actor: Actor, password: str, code: str, caller: Caller) -> tuple[str, ...]:
        """New recovery codes, shown this once; the old ones are worth nothing any more, and the operator is told.

        Raises WrongPasswordError (field `password`), WrongCodeError (field `code`), TooManyAttemptsError,
        NotAllowedError.
        """
        actor.require(Realm.OPERATOR)
        proven = await self._passwords.confirm(actor, password, field="password")
        await self._limits.hit("second_factor", of_account(actor.realm, actor.subject_id))
        codes, now = second_factor.new_recovery_codes(), self._clock.now()
        async with self._database.writing() as work:
            await proven.require_unchanged(work)
            operator = await queries.operator(work, actor.subject_id)
            if not await self._factors.use(
                work, operator, self._factors.secret(operator), code, caller=caller, now=now
            ):
                raise WrongRenewalCodeError(field="code")
            await self._factors.replace_codes(work, operator, codes, now)
            await tell(work, "recovery_codes_renewed", operator, caller, now, actor=actor)
            await work.commit()
        await self._limits.forgive("second_factor", of_account(actor.realm, actor.subject_id))
        return codes


class WrongRenewalCodeError(WrongCodeError, code="errors.wrong_code_again"):
    """The same while one is signed in: nothing is lost by it, so no tries are counted down."""


async def tell(
    work: UnitOfWork,
    what: str,
    operator: Operator,
    caller: Caller,
    now: datetime,
    *,
    actor: Actor | None = None,
    **values: str,
) -> None:
    """Write `operator.<what>` into the audit, and the email `operator_<what>` to the operator.

    Before there is a session the actor is the operator as such: anyone who did it knew their password.
    """
    actor = actor or Actor(realm=Realm.OPERATOR, subject_id=operator.id, session_id="")
    audit.record(work, f"operator.{what}", ("operator", operator.id), at=now, actor=actor, caller=caller)
    person = Person(
        realm=Realm.OPERATOR,
        id=operator.id,
        name=operator.name,
        email=operator.email,
        language=operator.language,
    )
    await warnings.queue(work, f"operator_{what}", person, caller, now, **values)
