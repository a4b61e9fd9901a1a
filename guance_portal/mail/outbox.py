"""How every other context sends an email: by a row in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.dialects import postgresql, sqlite

from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language, Text
from guance_portal.mail import rules, wake_up
from guance_portal.mail.tables import Email, EmailStatus
from guance_portal.mail.templates import email_templates

_LONGEST_KEY = 200


class EmailReader(Protocol):
    """Who gets an email: a user, an account, or a `Recipient`."""

    @property
    def email(self) -> str:
        """The one address."""
        ...

    @property
    def language(self) -> Language:
        """In which language."""
        ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reader who has no account."""

    email: str
    language: Language


async def queue(
    work: UnitOfWork, to: EmailReader, template: str, values: Mapping[str, str | Text], *, idempotency_key: str
) -> None:
    """Write an email into the caller's transaction; it leaves after the commit, or never.

    `values` must be exactly what the template needs, else EmailError: a bug shows where it is made, not when the
    email is sent. Texts among them are put into the reader's language. `idempotency_key` names the act that sends it (`password_reset:<id>`): a second email with the
    same key is dropped, even when another process writes it at the same moment.
    """
    filled = {name: value if isinstance(value, str) else value.in_(to.language) for name, value in values.items()}
    email_templates().check(template, filled)
    if not rules.is_address(to.email):
        raise rules.EmailError("an email needs exactly one address to go to")
    if not 0 < len(idempotency_key) <= _LONGEST_KEY:
        raise rules.EmailError(f"the idempotency key must have 1 to {_LONGEST_KEY} characters")
    now = datetime.now(UTC)
    row = {
        "id": new_id("mail"),
        "idempotency_key": idempotency_key,
        "recipient": to.email,
        "language": to.language.value,
        "template": template,
        "params": filled,
        "created_at": now,
        "status": EmailStatus.QUEUED,
        "next_attempt_at": now,
    }
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Email) if is_postgresql else sqlite.insert(Email)
    await work.session.exec(insert.values(row).on_conflict_do_nothing(index_elements=["idempotency_key"]))
    work.after_commit(wake_up.notify)
