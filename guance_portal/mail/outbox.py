"""How every other context sends a letter: by a row in its own transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite

from guance_portal.core.db import UnitOfWork
from guance_portal.core.ids import new_id
from guance_portal.core.words import Language
from guance_portal.mail import rules, wake_up
from guance_portal.mail.tables import Letter, LetterStatus
from guance_portal.mail.templates import letterbook

_LONGEST_KEY = 200


async def queue(
    work: UnitOfWork, *, to: str, language: Language, template: str, values: dict[str, str], idempotency_key: str
) -> None:
    """Write a letter to `to` into the caller's transaction; it leaves after the commit, or never.

    `values` must be exactly what the template needs, else LetterError: a bug shows where it is made, not when the
    letter is sent. `idempotency_key` names the act that sends it (`password_reset:<id>`): a second letter with the
    same key is dropped, even when another process writes it at the same moment.
    """
    letterbook().check(template, values)
    if not rules.is_address(to):
        raise rules.LetterError("a letter needs exactly one address to go to")
    if not 0 < len(idempotency_key) <= _LONGEST_KEY:
        raise rules.LetterError(f"the idempotency key must have 1 to {_LONGEST_KEY} characters")
    now = datetime.now(UTC)
    row = {
        "id": new_id("mail"),
        "once": idempotency_key,
        "recipient": to,
        "language": language.value,
        "template": template,
        "params": values,
        "created_at": now,
        "status": LetterStatus.QUEUED,
        "next_attempt_at": now,
    }
    is_postgresql = work.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(Letter) if is_postgresql else sqlite.insert(Letter)
    await work.session.exec(insert.values(row).on_conflict_do_nothing(index_elements=["once"]))
    work.after_commit(wake_up.notify)
