"""Emails that were given up can be listed and sent again; old ones are forgotten."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.mail import housekeeping, outbox, rules
from guance_portal.mail.dead_letters import DeadLetters, EmailNotDeadError, EmailScrubbedError
from guance_portal.mail.files import FileTransport
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.tables import Email, EmailStatus
from guance_portal.mail.worker import MailWorker
from tests.integration.mail.conftest import WallClock
from tests.integration.mail.test_outbox import emails

TOLD = {"name": "Lin", "at": "today", "place": "here", "device": "this"}
RESET = {"name": "Lin", "link": "https://portal.example/reset-password#t", "minutes": "30"}


async def given_up(database: Database, template: str, values: dict[str, str]) -> str:
    """An email that no server took; its id."""
    async with database.writing() as work:
        await outbox.queue(
            work, outbox.Recipient("lin@yunfan.example", Language.EN), template, values, idempotency_key=template
        )
        dead = {"status": EmailStatus.DEAD, "attempts": 21, "last_error": "no such mailbox"}
        await work.session.exec(update(Email).values(params=rules.scrubbed(values), **dead))
        email_id = (await work.session.exec(select(Email.id))).one()
        await work.commit()
    return email_id


async def test_an_email_that_was_given_up_is_listed_and_goes_out_when_it_is_sent_again(
    database: Database, clock: WallClock, message_builder: MessageBuilder, tmp_path: Path
) -> None:
    dead = DeadLetters(database, clock)
    email_id = await given_up(database, "password_changed", TOLD)
    (shown,) = await dead.list()
    assert (shown.id, shown.recipient, shown.reason, shown.can_be_sent) == (
        email_id,
        "lin@yunfan.example",
        "no such mailbox",
        True,
    )
    await dead.resend(email_id)
    assert await dead.list() == ()
    worker = MailWorker(database, clock, FileTransport(tmp_path), message_builder, keeps_secrets=False)
    assert await worker.work_once() == 1
    (email,) = await emails(database)
    assert (email.status, email.attempts) == (EmailStatus.SENT, 1)
    assert len(list(tmp_path.glob("*.eml"))) == 1
    async with database.reading() as work:
        act = (await work.session.exec(select(AuditEntry).where(col(AuditEntry.act) == "letter.resent"))).one()
    assert act.subject_id == email_id


async def test_an_email_whose_link_is_gone_is_not_sent_again(database: Database, clock: WallClock) -> None:
    dead = DeadLetters(database, clock)
    email_id = await given_up(database, "password_reset", RESET)
    (shown,) = await dead.list()
    assert not shown.can_be_sent
    with pytest.raises(EmailScrubbedError):
        await dead.resend(email_id)
    assert len(await dead.list()) == 1


@pytest.mark.parametrize("status", [EmailStatus.QUEUED, EmailStatus.SENT])
async def test_only_what_was_given_up_is_sent_again(database: Database, clock: WallClock, status: EmailStatus) -> None:
    dead = DeadLetters(database, clock)
    email_id = await given_up(database, "password_changed", TOLD)
    async with database.writing() as work:
        await work.session.exec(update(Email).values(status=status))
        await work.commit()
    for one in (email_id, "mail_unknown"):
        with pytest.raises(EmailNotDeadError):
            await dead.resend(one)


@pytest.mark.parametrize(
    ("status", "stays"), [(EmailStatus.SENT, False), (EmailStatus.DEAD, False), (EmailStatus.QUEUED, True)]
)
async def test_old_emails_are_forgotten_but_for_those_that_wait(
    database: Database, clock: WallClock, tmp_path: Path, status: EmailStatus, *, stays: bool
) -> None:
    await given_up(database, "password_changed", TOLD)
    async with database.writing() as work:
        await work.session.exec(update(Email).values(status=status))
        await work.commit()
    assert await housekeeping.sweep(database, clock, tmp_path) == 0
    clock.move(rules.KEPT_FOR + timedelta(hours=1))
    assert await housekeeping.sweep(database, clock, tmp_path) == (0 if stays else 1)
    assert len(await emails(database)) == int(stays)


async def test_old_files_are_forgotten_and_nothing_else_in_the_folder(
    database: Database, clock: WallClock, tmp_path: Path
) -> None:
    old = (clock.now() - rules.KEPT_FOR - timedelta(hours=1)).timestamp()
    folder = tmp_path / "mail"
    folder.mkdir()
    for name in ("old.eml", "new.eml", "notes.txt"):
        (folder / name).touch()
    for name in ("old.eml", "notes.txt"):
        os.utime(folder / name, (old, old))
    assert await housekeeping.sweep(database, clock, folder) == 1
    assert {path.name for path in folder.iterdir()} == {"new.eml", "notes.txt"}
    assert await housekeeping.sweep(database, clock, tmp_path / "nowhere") == 0
