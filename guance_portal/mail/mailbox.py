"""Reads the outbox as a mailbox: what /sandbox/mail shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guance_portal.core.db import Database
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import Language
from guance_portal.mail import queries, rules
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.tables import Email, EmailStatus
from guance_portal.mail.templates import Rendered

_LONGEST_LIST = 200


class EmailNotFoundError(PortalError, code="errors.email_not_found"):
    """No email has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRow:
    """An email in the list."""

    id: str
    recipient: str
    subject: str
    language: Language
    status: EmailStatus
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedEmail:
    """An opened email. `link` and `code` are what its reader would use, empty when it has none."""

    id: str
    subject: str
    sender: str
    recipient: str
    html: str
    text: str
    link: str
    code: str
    language: Language
    status: EmailStatus
    attempts: int
    message_id: str
    last_error: str
    created_at: datetime
    sent_at: datetime | None


class MailboxService:
    """For the sandbox alone: it shows every email to anyone who asks."""

    def __init__(self, database: Database, message_builder: MessageBuilder) -> None:
        self._database, self._message_builder = database, message_builder

    async def list(self, to: str = "", limit: int = 50) -> tuple[EmailRow, ...]:
        """Emails whose recipient contains `to`, newest first, at most 200."""
        async with self._database.reading() as work:
            emails = await queries.newest(work, to=to.strip(), limit=min(limit, _LONGEST_LIST))
            return tuple(self._row(email) for email in emails)

    async def open(self, email_id: str) -> RenderedEmail:
        """One email as its reader sees it; raises EmailNotFoundError."""
        async with self._database.reading() as work:
            email = await work.session.get(Email, email_id)
            if email is None:
                raise EmailNotFoundError
            return self._opened(email)

    def _opened(self, email: Email) -> RenderedEmail:
        said = self._rendered(email)
        return RenderedEmail(
            id=email.id,
            subject=said.subject,
            sender=email.sender or self._message_builder.sender,
            recipient=email.recipient,
            html=said.html,
            text=said.text,
            link=next((value for name, value in email.params.items() if rules.is_link(name)), ""),
            code=email.params.get("code", ""),
            language=Language.of(email.language),
            status=EmailStatus(email.status),
            attempts=email.attempts,
            message_id=email.message_id or self._message_builder.message_id(email),
            last_error=email.last_error,
            created_at=email.created_at,
            sent_at=email.sent_at,
        )

    def _row(self, email: Email) -> EmailRow:
        return EmailRow(
            id=email.id,
            recipient=email.recipient,
            subject=self._rendered(email).subject,
            language=Language.of(email.language),
            status=EmailStatus(email.status),
            created_at=email.created_at,
        )

    def _rendered(self, email: Email) -> Rendered:
        try:
            return self._message_builder.render(email)
        except rules.EmailError as problem:
            # Written by another version, or its secrets are gone: the list must still open.
            return Rendered(subject=email.template, html="", text=str(problem))
