"""Empties the outbox: leases what is due, delivers it outside any transaction, writes down what became of it."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.leases import LEASE, RENEWAL, renewed
from guance_portal.mail import queries, rules, wake_up
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.ports import Outcome, OutcomeCounter, PermanentMailError, TransientMailError, Transport
from guance_portal.mail.tables import Email, EmailStatus

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPace:
    """How fast a worker goes; all times in seconds. A lease is renewed while its email is delivered."""

    poll: float = 1.0
    lease: float = LEASE.total_seconds()
    renewal: float = RENEWAL.total_seconds()
    delivery: float = 60.0
    farewell: float = 5.0
    together: int = 8


_PACE = WorkerPace()


def _count_nothing(_outcome: Outcome, /) -> None:
    pass


class MailWorker:
    """One per process; any number of processes may share an outbox.

    An email is delivered at least once: a worker that dies between the server's yes and its own note leaves a
    lease that runs out, and the next one repeats the email under the same Message-ID. With `keeps_secrets` (the
    sandbox, whose mailbox shows emails again) links and codes stay in the row; else they go with the last attempt.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transport: Transport,
        message_builder: MessageBuilder,
        *,
        keeps_secrets: bool,
        count: OutcomeCounter = _count_nothing,
        pace: WorkerPace = _PACE,
    ) -> None:
        self._database, self._clock, self._transport, self._message_builder = (
            database,
            clock,
            transport,
            message_builder,
        )
        self._keeps_secrets, self._count, self._pace = keeps_secrets, count, pace

    async def run(self) -> None:
        """Work until cancelled; then let deliveries under way end, for some seconds, and free what did not."""
        with wake_up.listening() as woken:
            while True:
                woken.clear()
                try:
                    is_busy = await self.work_once() > 0
                except SQLAlchemyError as problem:
                    # The database is away: no email is lost by waiting for it.
                    _log.warning("mail.outbox_unreachable", error=type(problem).__name__)
                    is_busy = False
                if not is_busy:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(woken.wait(), self._pace.poll * random.uniform(0.75, 1.25))

    async def work_once(self) -> int:
        """Attempt one batch of due emails; how many were attempted."""
        emails = await self._lease()
        if emails:
            async with renewed(partial(self._renew, emails), timedelta(seconds=self._pace.renewal)):
                await self._attempt_all(emails)
        return len(emails)

    async def _lease(self) -> Sequence[Email]:
        now = self._clock.now()
        async with self._database.reading() as work:
            if not await queries.is_any_due(work, now):
                return ()
        async with self._database.writing() as work:
            emails = await queries.take_due(work, now, self._pace.together)
            for email in emails:
                email.lease_owner = secrets.token_hex(16)
                email.leased_until = now + timedelta(seconds=self._pace.lease)
                email.attempts += 1
                email.sender = email.sender or self._message_builder.sender
                email.message_id = email.message_id or self._message_builder.message_id(email)
            await work.commit()
        return emails

    async def _renew(self, emails: Sequence[Email]) -> None:
        async with self._database.writing() as work:
            await queries.renew_leases(work, emails, self._clock.now() + timedelta(seconds=self._pace.lease))
            await work.commit()

    async def _attempt_all(self, emails: Sequence[Email]) -> None:
        attempts = {asyncio.create_task(self._attempt(email)) for email in emails}
        try:
            await asyncio.wait(attempts)
        except asyncio.CancelledError:
            _, unfinished = await asyncio.wait(attempts, timeout=self._pace.farewell)
            for attempt in unfinished:
                attempt.cancel()
            raise
        finally:
            await asyncio.gather(*attempts, return_exceptions=True)
        for attempt in attempts:
            attempt.result()

    async def _attempt(self, email: Email) -> None:
        try:
            async with asyncio.timeout(self._pace.delivery):
                await self._transport.deliver(self._message_builder.compose(email))
        except asyncio.CancelledError:
            await self._close(email, attempts=email.attempts - 1)
            raise
        except (PermanentMailError, rules.EmailError) as problem:
            await self._bury(email, str(problem))
        except (TransientMailError, TimeoutError) as problem:
            await self._put_back(email, str(problem) or "the delivery took too long")
        except Exception as problem:  # noqa: BLE001  (see below)
            # An email that trips the mail library must neither stop the others nor be tried in a tight circle.
            _log.exception("mail.broken", email=email.id, template=email.template)
            await self._put_back(email, type(problem).__name__)
        else:
            await self._settle(email, "sent", status=EmailStatus.SENT, sent_at=self._clock.now(), last_error="")

    async def _put_back(self, email: Email, reason: str) -> None:
        if email.attempts >= rules.MAX_ATTEMPTS:
            await self._bury(email, reason)
            return
        delay = rules.delay_after(email.attempts, random.random())
        next_attempt_at = self._clock.now() + delay
        await self._settle(email, "retried", next_attempt_at=next_attempt_at, last_error=_kept(reason))

    async def _bury(self, email: Email, reason: str) -> None:
        await self._settle(email, "dead", status=EmailStatus.DEAD, last_error=_kept(reason))

    async def _settle(self, email: Email, outcome: Outcome, **changes: Any) -> None:
        if outcome != "retried" and not self._keeps_secrets:
            changes["params"] = rules.scrubbed(email.params)
        is_mine = await self._close(email, **changes)
        self._count(outcome)
        _log.info(f"mail.{outcome}", email=email.id, template=email.template, attempts=email.attempts, in_time=is_mine)

    async def _close(self, email: Email, **changes: Any) -> bool:
        async with self._database.writing() as work:
            is_mine = await queries.close_lease(work, email, **changes)
            await work.commit()
        return is_mine


def _kept(reason: str) -> str:
    # A server's words may hold anything, also what PostgreSQL refuses to store.
    return rules.shown(reason, rules.LONGEST_REASON)
