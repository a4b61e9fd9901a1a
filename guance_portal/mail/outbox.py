"""How every other context sends an email: by a row in its own transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite

from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.messages import Language
from guance_portal.mail import rules, wake_up
from guance_portal.mail.tables import Email, EmailStatus
from guance_portal.mail.templates import email_templates

_LONGEST_KEY = 200


async def queue(
    work: UnitOfWork, *, to: str, language: Language, template: str, values: dict[str, str], idempotency_key: str
) -> None:
    """Write an email to `to` into the caller's transaction; it leaves after the commit, or never.

    `values` must be exactly what the template needs, else EmailError: a bug shows where it is made, not when the
    email is sent. `idempotency_key` names the act that sends it (`password_reset:<id>`): a second email with the
    same key is dropped, even when another process writes it at the same moment.
    """
    email_templates().check(template, values)
    if not rules.is_address(to):
        raise rules.EmailError("an email needs exactly one address to go to")
    if not 0 < len(idempotency_key) <= _LONGEST_KEY:
        raise rules.EmailError(f"the idempotency key must have 1 to {_LONGEST_KEY} characters")
    now = datetime.now(UTC)
    row = {
        "id": new_id("mail"),
        "idempotency_key": idempotency_key,
        "recipient": to,
        "language": language.value,
        "template": template,
        "params": values,
        "created_at": now,
        "status": EmailStatus.QUEUED,
        "next_attempt_at": now,
    }
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Email) if is_postgresql else sqlite.insert(Email)
    await work.session.exec(insert.values(row).on_conflict_do_nothing(index_elements=["idempotency_key"]))
    work.after_commit(wake_up.notify)
