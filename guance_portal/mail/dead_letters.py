"""Emails that were given up: listed, and sent again, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.mail import queries, rules, wake_up
from guance_portal.mail.tables import EmailStatus


class EmailNotDeadError(PortalError, code="errors.email_not_dead"):
    """No email that was given up has this id."""


class EmailScrubbedError(PortalError, code="errors.email_scrubbed"):
    """The email held a link or a code, which went with its last attempt: its reader has to ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One of them; `reason` is what the mail server said last."""

    id: str
    template: str
    recipient: str
    created_at: datetime
    attempts: int
    reason: str
    can_be_sent: bool


class DeadLetters:
    """For the command line: anyone who runs the portal's machine reads and repeats what was given up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def list(self) -> tuple[DeadLetter, ...]:
        """Every email that was given up, the newest first."""
        async with self._database.reporting() as work:
            return tuple(
                DeadLetter(
                    id=email.id,
                    template=email.template,
                    recipient=email.recipient,
                    created_at=email.created_at,
                    attempts=email.attempts,
                    reason=email.last_error,
                    can_be_sent=not rules.is_scrubbed(email.params),
                )
                for email in await queries.dead(work)
            )

    async def resend(self, email_id: str) -> None:
        """Let an email be tried again from the beginning, under its Message-ID.

        Raises EmailNotDeadError and EmailScrubbedError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            email = await queries.dead_one(work, email_id)
            if email is None:
                raise EmailNotDeadError
            if rules.is_scrubbed(email.params):
                raise EmailScrubbedError
            email.status, email.attempts, email.next_attempt_at = EmailStatus.QUEUED, 0, now
            audit.record(work, "letter.resent", ("letter", email.id), at=now)
            work.after_commit(wake_up.notify)
            await work.commit()
