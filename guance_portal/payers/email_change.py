"""Another e-mail for a fee-centre account: a code at the old address, then one at the new; both are told afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, delete

from guance_portal.accounts.codes.rules import LIFE, CodePurpose
from guance_portal.accounts.codes.service import CodeScope, EmailCodes, IssuedCode
from guance_portal.accounts.identity import contact
from guance_portal.accounts.identity.proofs import Changed, Proofs, Root
from guance_portal.accounts.members.access import require_password_session
from guance_portal.accounts.rules import email_key
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.datetime_formatting import zoned
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError, PortalError
from guance_portal.core.ids import new_id
from guance_portal.core.limit_keys import of_network
from guance_portal.core.messages import Language, text
from guance_portal.core.rate_limits import RateLimits
from guance_portal.mail import outbox
from guance_portal.payers import queries
from guance_portal.payers.access import require_fee_center
from guance_portal.payers.tables import EmailChange, FeeAccount

PROVEN_FOR = timedelta(minutes=30)
"""How long the proof of the old address lasts, in the session that gave it."""


class OldEmailFirstError(PortalError, code="errors.old_email_first"):
    """The old address is not proven (any more): the change starts over."""


class SameEmailError(PortalError, code="errors.same_email"):
    """The new address is the present one."""


class EmailChangeService:
    """The two steps; each code is single use, superseded, limited as all codes by e-mail are."""

    def __init__(
        self, database: Database, clock: Clock, *, codes: EmailCodes, limits: RateLimits, proofs: Proofs
    ) -> None:
        self._database, self._clock, self._codes = database, clock, codes
        self._limits, self._proofs = limits, proofs

    async def is_old_proven(self, actor: Actor) -> bool:
        """Whether this session has proven the old address, so that a page knows which step to show."""
        _require(actor)
        async with self._database.reading() as work:
            return await self._proven(work, actor)

    async def send_to_old(self, actor: Actor, caller: Caller) -> None:
        """Mail a code to the present address; raises CodeTooSoonError, CodeLimitError, TooManyAttemptsError."""
        _require(actor)
        await self._limits.hit("code_per_address", of_network(caller.address))
        async with self._database.writing() as work:
            account = await _account(work, actor)
            code = await self._codes.issue(work, _old(account), caller)
            await _send(work, account, account.email, code, CodePurpose.FEE_EMAIL_OLD)
            await work.commit()

    async def prove_old(self, actor: Actor, code: str, caller: Caller) -> None:
        """Take the code of the present address; raises the errors of `EmailCodes.check`, and a wrong try counts."""
        _require(actor)
        now = self._clock.now()
        async with self._database.writing() as work:
            account = await _account(work, actor)
            problem = await self._codes.check(work, _old(account), code)
            if problem is None:
                proof = EmailChange(fee_account_id=account.id, session_id=actor.session_id, expires_at=now + PROVEN_FOR)
                await work.session.merge(proof)
                on = ("fee_account", account.id)
                audit.record(work, "fee_email.old_proven", on, at=now, actor=actor, caller=caller)
            await work.commit()
        if problem:
            raise problem

    async def send_to_new(self, actor: Actor, email: str, caller: Caller) -> None:
        """Mail a code to the new address.

        Raises OldEmailFirstError, SameEmailError and the errors of `contact.clean_email` (field `email`),
        CodeTooSoonError, CodeLimitError, TooManyAttemptsError.
        """
        _require(actor)
        address = contact.clean_email(email)
        await self._limits.hit("code_per_address", of_network(caller.address))
        async with self._database.writing() as work:
            account = await self._account_to_change(work, actor, address)
            code = await self._codes.issue(work, _new(account, address), caller)
            await _send(work, account, address, code, CodePurpose.FEE_EMAIL_NEW)
            await work.commit()

    async def change(self, actor: Actor, email: str, code: str, caller: Caller) -> None:
        """Take the code of the new address: the account has it from now on, and what the old one proved is void.

        Raises what `send_to_new` raises about the address, and the errors of `EmailCodes.check`.
        """
        _require(actor)
        address, now = contact.clean_email(email), self._clock.now()
        async with self._database.writing() as work:
            account = await self._account_to_change(work, actor, address)
            problem = await self._codes.check(work, _new(account, address), code)
            if problem is None:
                await self._change(work, account, address, now)
                on = ("fee_account", account.id)
                audit.record(work, "fee_email.changed", on, at=now, actor=actor, caller=caller)
            await work.commit()
        if problem:
            raise problem

    async def _change(self, work: UnitOfWork, account: FeeAccount, address: str, now: datetime) -> None:
        old = account.email
        account.email, account.email_key = address, email_key(address)
        await self._proofs.void(work, Changed(root=Root.EMAIL, realm=Realm.FEE_CENTER, id=account.id), now)
        values = {"name": account.username, "old": old, "new": address, "at": _local(now, account.language)}
        idempotency_key = new_id("fee_email")
        for number, to in enumerate((old, address)):
            await outbox.queue(
                work,
                outbox.Recipient(to, account.language),
                "fee_email_changed",
                values,
                idempotency_key=f"{idempotency_key}:{number}",
            )

    async def _account_to_change(self, work: UnitOfWork, actor: Actor, address: str) -> FeeAccount:
        account = await _account(work, actor)
        if not await self._proven(work, actor):
            raise OldEmailFirstError
        if account.email_key == email_key(address):
            raise SameEmailError(field="email")
        return account

    async def _proven(self, work: UnitOfWork, actor: Actor) -> bool:
        proof = await work.session.get(EmailChange, actor.subject_id)
        return proof is not None and proof.session_id == actor.session_id and self._clock.now() < proof.expires_at


async def void_changes(work: UnitOfWork, changed: Changed, now: datetime) -> None:
    """Forget that the old address was proven, once address or password are others; see `Proofs`."""
    del now
    if changed.realm is Realm.FEE_CENTER:
        await work.session.exec(delete(EmailChange).where(col(EmailChange.fee_account_id) == changed.id))


def _require(actor: Actor) -> None:
    require_fee_center(actor)
    require_password_session(actor)


async def _account(work: UnitOfWork, actor: Actor) -> FeeAccount:
    account = await queries.account(work, actor.subject_id, lock=True)
    if account is None:
        raise NotSignedInError
    return account


def _old(account: FeeAccount) -> CodeScope:
    return CodeScope(purpose=CodePurpose.FEE_EMAIL_OLD, site="", email=account.email, holder=account.id)


def _new(account: FeeAccount, address: str) -> CodeScope:
    return CodeScope(purpose=CodePurpose.FEE_EMAIL_NEW, site="", email=address, holder=account.id)


async def _send(work: UnitOfWork, account: FeeAccount, to: str, code: IssuedCode, purpose: CodePurpose) -> None:
    values = {
        "code": code.digits,
        "minutes": str(LIFE.seconds // 60),
        "purpose": text(f"code_purpose.{purpose}"),
        "site": text("realm.fee_center"),
    }
    await outbox.queue(
        work, outbox.Recipient(to, account.language), "verification_code", values, idempotency_key=f"code:{code.id}"
    )


def _local(now: datetime, language: Language) -> str:
    zone = ZoneInfo("Asia/Shanghai") if language is Language.ZH else UTC
    return zoned(now, zone).in_(language)
