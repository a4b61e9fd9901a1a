"""账目核对 as a payer sees it: the rules that its books keep, when they were last checked, and the head of its chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import col

from guance_portal.accounts.members.access import require_password_session
from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.errors import NotSignedInError
from guance_portal.core.limit_keys import of_account
from guance_portal.core.messages import Text
from guance_portal.core.rate_limits import RateLimits
from guance_portal.ledger import queries as ledger
from guance_portal.ledger.checking import LedgerCheck, Pass, RuleOutcome
from guance_portal.ledger.rules import HOUSE
from guance_portal.ledger.tables import LedgerHead, LedgerTransaction
from guance_portal.payers import queries as payers


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule in words, and whether it holds; the number of the first transaction where it does not, if it is one."""

    text: Text
    holds: bool
    first: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksView:
    """The books of a payer; `at` is None before the first check, `stopped_by` empty while they are open."""

    zone: ZoneInfo
    at: datetime | None
    rules: tuple[RuleView, ...]
    transactions: int
    entries: int
    chain: str
    stopped_by: str
    stopped_at: datetime | None

    @property
    def is_whole(self) -> bool:
        """Whether every rule held in the last check."""
        return all(rule.holds for rule in self.rules)


class WalletBooks:
    """For the account's own sessions; others get PasswordNeededError."""

    def __init__(self, database: Database, check: LedgerCheck, *, limits: RateLimits, clock: Clock) -> None:
        self._database, self._check, self._limits, self._clock = database, check, limits, clock

    async def read(self, actor: Actor) -> BooksView:
        """What the last check found: that of all books which operators see too, or the payer's own if it is newer."""
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        async with self._database.reporting() as work:
            account = await payers.account(work, actor.subject_id)
            if account is None:
                raise NotSignedInError
            payer = await ledger.payer_of(work, account.id)
            head, entries = (await _size(work, payer)) if payer else (None, 0)
        last = await self._last(payer) if payer else None
        return BooksView(
            zone=account.zone,
            at=last.at if last else None,
            rules=tuple(_rule(one, payer or HOUSE) for one in last.outcomes) if last else (),
            transactions=head.transactions if head else 0,
            entries=entries,
            chain=head.hash.hex() if head else "",
            stopped_by=head.stopped_by if head else "",
            stopped_at=head.stopped_at if head else None,
        )

    async def check(self, actor: Actor, caller: Caller) -> None:
        """Check the payer's own books now; money acts wait where a rule does not hold. Audited.

        Raises TooManyAttemptsError.
        """
        actor.require(Realm.FEE_CENTER)
        require_password_session(actor)
        await self._limits.hit("books_checks", of_account(actor.realm, actor.subject_id))
        async with self._database.reading() as work:
            payer = await ledger.payer_of(work, actor.subject_id)
        if payer is None:
            return
        await self._check.check_one(payer)
        last = await self._check.last(payer)
        async with self._database.writing() as work:
            audit.record(
                work,
                "books.checked",
                ("fee_account", actor.subject_id),
                at=self._clock.now(),
                actor=actor,
                caller=caller,
                broken=", ".join(one.code for one in (last.outcomes if last else ()) if one.breaches),
            )
            await work.commit()

    async def _last(self, payer: int) -> Pass | None:
        """The newer of the two passes. What the house keeps is in that of all books alone."""
        of_all, own = await self._check.last(), await self._check.last(payer)
        if of_all is None or own is None or of_all.at >= own.at:
            return of_all or own
        return own


async def _size(work: UnitOfWork, payer: int) -> tuple[LedgerHead, int]:
    head = await work.session.get_one(LedgerHead, payer)
    entries: Any = select(func.coalesce(func.sum(col(LedgerTransaction.size)), 0)).where(
        col(LedgerTransaction.payer) == payer
    )
    return head, int((await work.rows(entries))[0][0])


def _rule(outcome: RuleOutcome, payer: int) -> RuleView:
    """What a rule says of one payer: where it is broken in the books of others is theirs to see."""
    own = [breach for breach in outcome.breaches if breach.payer == payer]
    return RuleView(text=outcome.text, holds=not own, first=own[0].number if own else None)
