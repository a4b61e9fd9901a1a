"""The sandbox's mailbox and the mail folder: what a person or a test reads back."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.mail import outbox
from guance_portal.mail.files import FileTransport
from guance_portal.mail.mailbox import EmailNotFoundError, MailboxService
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.ports import TransientMailError
from guance_portal.mail.worker import MailWorker
from tests.integration.mail.conftest import WallClock
from tests.integration.mail.test_outbox import RESET, queue_reset


@pytest.fixture
def mailbox(database: Database, message_builder: MessageBuilder) -> MailboxService:
    """The mailbox on the test's database."""
    return MailboxService(database, message_builder)


async def fill(database: Database, *recipients: str) -> None:
    """An email to each, one transaction each."""
    for number, to in enumerate(recipients):
        async with database.writing() as work:
            await queue_reset(work, to=to, idempotency_key=f"reset:{number}")
            await work.commit()


async def test_emails_are_listed_newest_first(database: Database, mailbox: MailboxService) -> None:
    await fill(database, "a@x.example", "b@x.example", "c@x.example")
    assert [row.recipient for row in await mailbox.list()] == ["c@x.example", "b@x.example", "a@x.example"]
    assert [row.recipient for row in await mailbox.list(limit=1)] == ["c@x.example"]


async def test_emails_are_found_by_part_of_the_recipient_in_any_case(
    database: Database, mailbox: MailboxService
) -> None:
    await fill(database, "Lin_Z@x.example", "lin.z@x.example", "wang@x.example")
    assert [row.recipient for row in await mailbox.list(to=" LIN ")] == ["lin.z@x.example", "Lin_Z@x.example"]
    assert [row.recipient for row in await mailbox.list(to="n_z")] == ["Lin_Z@x.example"], "_ stands for itself"
    assert await mailbox.list(to="%") == ()


async def test_an_opened_email_shows_what_its_reader_sees(database: Database, mailbox: MailboxService) -> None:
    await fill(database, "lin@x.example")
    (row,) = await mailbox.list()
    email = await mailbox.open(row.id)
    assert (email.subject, email.recipient, email.sender) == (
        "重置您的登录密码",
        "lin@x.example",
        "观测云 <no-reply@portal.example>",
    )
    assert email.link == RESET["link"]
    assert email.link in email.html
    assert email.link in email.text
    assert (email.status, email.attempts, email.code) == ("queued", 0, "")


async def test_an_email_that_does_not_exist_cannot_be_opened(mailbox: MailboxService) -> None:
    with pytest.raises(EmailNotFoundError):
        await mailbox.open("mail_none")


async def test_an_email_without_its_secrets_is_still_listed_and_opens(
    database: Database, mailbox: MailboxService, message_builder: MessageBuilder, clock: WallClock, tmp_path: Path
) -> None:
    await fill(database, "lin@x.example")
    await MailWorker(database, clock, FileTransport(tmp_path), message_builder, keeps_secrets=False).work_once()
    (row,) = await mailbox.list()
    assert (row.subject, row.status) == ("重置您的登录密码", "sent")
    email = await mailbox.open(row.id)
    assert "s3cret" not in email.html + email.text + email.link


async def test_emails_in_the_mail_folder_sort_by_time_and_read_back(
    database: Database, message_builder: MessageBuilder, clock: WallClock, tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    worker = MailWorker(database, clock, FileTransport(folder), message_builder, keeps_secrets=True)
    await fill(database, "林@x.example", "b@x.example")
    async with database.writing() as work:
        await outbox.queue(
            work,
            outbox.Recipient("c@x.example", Language.EN),
            "password_changed",
            {"name": "Lin", "at": "now", "device": "Chrome", "place": "Hangzhou"},
            idempotency_key="changed:1",
        )
        await work.commit()
    await worker.work_once()
    paths = sorted(folder.iterdir())
    assert {path.suffix for path in paths} == {".eml"}
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    assert [message["To"] for message in messages] == ["林@x.example", "b@x.example", "c@x.example"]
    assert [message["Subject"] for message in messages] == ["重置您的登录密码"] * 2 + ["Your password was changed"]
    for message in messages:
        plain, html = (part.get_content() for part in message.iter_parts())
        assert "Lin" in plain or "林知夏" in plain
        assert "</html>" in html
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths), "an email may sign its reader in"


async def test_a_repeated_email_overwrites_its_file(
    database: Database, message_builder: MessageBuilder, clock: WallClock, tmp_path: Path
) -> None:
    await fill(database, "a@x.example")
    transport = FileTransport(tmp_path / "mail")
    worker = MailWorker(database, clock, transport, message_builder, keeps_secrets=True)
    await worker.work_once()
    (path,) = (tmp_path / "mail").iterdir()
    before = path.read_bytes()
    await transport.deliver(message_from_bytes(before, policy=policy.default))
    assert list((tmp_path / "mail").iterdir()) == [path]


async def test_a_folder_that_refuses_files_can_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(TransientMailError, match="folder"):
        await FileTransport(tmp_path / "mail").check()
    await FileTransport(tmp_path / "other").check()
    assert list((tmp_path / "other").iterdir()) == []
