"""Letters that were given up: listed, and sent again, from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core import audit
from guance_portal.core.clock import Clock
from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.mail import queries, rules, wake_up
from guance_portal.mail.tables import LetterStatus


class LetterNotDeadError(PortalError):
    """No letter that was given up has this id."""

    code = "errors.letter_not_dead"


class LetterScrubbedError(PortalError):
    """The letter held a link or a code, which went with its last attempt: its reader has to ask again."""

    code = "errors.letter_scrubbed"


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
        """Every letter that was given up, the newest first."""
        async with self._database.reporting() as work:
            return tuple(
                DeadLetter(
                    id=letter.id,
                    template=letter.template,
                    recipient=letter.recipient,
                    created_at=letter.created_at,
                    attempts=letter.attempts,
                    reason=letter.last_error,
                    can_be_sent=not rules.is_scrubbed(letter.params),
                )
                for letter in await queries.dead(work)
            )

    async def resend(self, letter_id: str) -> None:
        """Let a letter be tried again from the beginning, under its Message-ID.

        Raises LetterNotDeadError and LetterScrubbedError.
        """
        now = self._clock.now()
        async with self._database.writing() as work:
            letter = await queries.dead_one(work, letter_id)
            if letter is None:
                raise LetterNotDeadError
            if rules.is_scrubbed(letter.params):
                raise LetterScrubbedError
            letter.status, letter.attempts, letter.next_attempt_at = LetterStatus.QUEUED, 0, now
            audit.record(work, "letter.resent", ("letter", letter.id), at=now)
            work.after_commit(wake_up.notify)
            await work.commit()
