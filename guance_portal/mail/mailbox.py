"""Reads the outbox as a mailbox: what /sandbox/mail shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.core.words import Language
from guance_portal.mail import queries, rules
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.tables import Letter, LetterStatus
from guance_portal.mail.templates import Rendered

_LONGEST_LIST = 200


class LetterNotFoundError(PortalError):
    """No letter has this id."""

    code = "errors.letter_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A letter in the list."""

    id: str
    recipient: str
    subject: str
    language: Language
    status: LetterStatus
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """An opened letter. `link` and `code` are what its reader would use, empty when it has none."""

    id: str
    subject: str
    sender: str
    recipient: str
    html: str
    text: str
    link: str
    code: str
    language: Language
    status: LetterStatus
    attempts: int
    message_id: str
    last_error: str
    created_at: datetime
    sent_at: datetime | None


class MailboxService:
    """For the sandbox alone: it shows every letter to anyone who asks."""

    def __init__(self, database: Database, message_builder: MessageBuilder) -> None:
        self._database, self._message_builder = database, message_builder

    async def list(self, to: str = "", limit: int = 50) -> tuple[LetterRow, ...]:
        """Letters whose recipient contains `to`, newest first, at most 200."""
        async with self._database.reading() as work:
            letters = await queries.newest(work, to=to.strip(), limit=min(limit, _LONGEST_LIST))
            return tuple(self._row(letter) for letter in letters)

    async def open(self, letter_id: str) -> RenderedLetter:
        """One letter as its reader sees it; raises LetterNotFoundError."""
        async with self._database.reading() as work:
            letter = await work.session.get(Letter, letter_id)
            if letter is None:
                raise LetterNotFoundError
            return self._opened(letter)

    def _opened(self, letter: Letter) -> RenderedLetter:
        said = self._said(letter)
        return RenderedLetter(
            id=letter.id,
            subject=said.subject,
            sender=letter.sender or self._message_builder.sender,
            recipient=letter.recipient,
            html=said.html,
            text=said.text,
            link=next((value for name, value in letter.params.items() if rules.is_link(name)), ""),
            code=letter.params.get("code", ""),
            language=Language.of(letter.language),
            status=LetterStatus(letter.status),
            attempts=letter.attempts,
            message_id=letter.message_id or self._message_builder.message_id(letter),
            last_error=letter.last_error,
            created_at=letter.created_at,
            sent_at=letter.sent_at,
        )

    def _row(self, letter: Letter) -> LetterRow:
        return LetterRow(
            id=letter.id,
            recipient=letter.recipient,
            subject=self._said(letter).subject,
            language=Language.of(letter.language),
            status=LetterStatus(letter.status),
            created_at=letter.created_at,
        )

    def _said(self, letter: Letter) -> Rendered:
        try:
            return self._message_builder.render(letter)
        except rules.LetterError as problem:
            # Written by another version, or its secrets are gone: the list must still open.
            return Rendered(subject=letter.template, html="", text=str(problem))
