"""The worker delivers each email, whatever the mail server, the other workers or the machine do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from guance_portal.core.db import Database
from guance_portal.core.messages import Language
from guance_portal.mail import outbox, rules
from guance_portal.mail.message_builder import MessageBuilder
from guance_portal.mail.ports import TransientMailError, Transport
from guance_portal.mail.smtp import SmtpTransport
from guance_portal.mail.tables import Email
from guance_portal.mail.worker import MailWorker, WorkerPace
from tests.integration.mail.conftest import MailServer, WallClock, free_port, start, stop
from tests.integration.mail.test_outbox import RESET, emails, queue_reset

MakeWorker = Callable[..., MailWorker]

FAST = WorkerPace(poll=0.02, farewell=0.5)


@pytest.fixture
def make_worker(database: Database, clock: WallClock, message_builder: MessageBuilder) -> MakeWorker:
    """Builds workers on the test's database."""

    def make(transport: Transport, *, keeps_secrets: bool = False, pace: WorkerPace = FAST, **more: Any) -> MailWorker:
        return MailWorker(database, clock, transport, message_builder, keeps_secrets=keeps_secrets, pace=pace, **more)

    return make


@pytest.fixture
def worker(make_worker: MakeWorker, mail_server: MailServer) -> MailWorker:
    """A worker that delivers to the mail server."""
    return make_worker(smtp(mail_server.url))


def smtp(url: str) -> SmtpTransport:
    """The real transport, impatient."""
    return SmtpTransport(url, local_hostname="portal.example", seconds=5)


async def send(database: Database, count: int = 1) -> None:
    """Queue emails and commit."""
    async with database.writing() as work:
        for number in range(count):
            await queue_reset(work, to=f"lin{number}@yunfan.example", idempotency_key=f"reset:{number}")
        await work.commit()


async def only_email(database: Database) -> Email:
    """The single row of the outbox."""
    (email,) = await emails(database)
    return email


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait, a few seconds at most, for something that happens by itself."""
    async with asyncio.timeout(8):
        while not await condition():  # noqa: ASYNC110  (asks a database or another thread, which set no event)
            await asyncio.sleep(0.01)


def received_one(server: MailServer) -> Callable[[], Awaitable[bool]]:
    """Whether the server has received a single email."""

    async def has_received() -> bool:
        return len(server.received) == 1

    return has_received


async def test_an_email_arrives_once_with_both_parts_and_its_subject(
    database: Database, worker: MailWorker, mail_server: MailServer
) -> None:
    await send(database)
    assert [await worker.work_once(), await worker.work_once()] == [1, 0]
    (message,) = mail_server.received
    assert message["Subject"] == "重置您的登录密码"
    assert message["From"] == "观测云 <no-reply@portal.example>"
    assert message["To"] == "lin0@yunfan.example"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert b"\nMessage-ID: <" in message.as_bytes(), "folded, some servers lose it"
    assert RESET["link"] in plain.get_content()
    assert f'href="{RESET["link"]}"' in html.get_content()
    email = await only_email(database)
    assert (email.status, email.attempts, email.message_id) == ("sent", 1, message["Message-ID"])
    assert email.sent_at is not None
    assert email.leased_until is None


async def test_an_email_to_an_international_address_arrives(
    database: Database, worker: MailWorker, mail_server: MailServer
) -> None:
    async with database.writing() as work:
        await queue_reset(work, to="林@例子.example")
        await work.commit()
    await worker.work_once()
    assert mail_server.recipients == ["林@例子.example"]


async def test_a_busy_server_gets_the_email_again_later(
    database: Database, worker: MailWorker, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.to_recipient.append("451 4.7.1 Greylisted, come back later")
    await send(database)
    await worker.work_once()
    waiting = await only_email(database)
    assert (waiting.status, waiting.last_error) == ("queued", "451 4.7.1 Greylisted, come back later")
    assert await worker.work_once() == 0
    clock.move(rules.delay_after(1, 1.0))
    await worker.work_once()
    assert (await only_email(database)).status == "sent"
    assert len(mail_server.received) == 1


@pytest.mark.parametrize("refusal", ["to_recipient", "to_content"])
async def test_a_permanently_refused_email_is_given_up_at_once(
    database: Database, worker: MailWorker, mail_server: MailServer, refusal: str
) -> None:
    getattr(mail_server, refusal).append("550 5.1.1 No such person")
    await send(database)
    await worker.work_once()
    email = await only_email(database)
    assert (email.status, email.attempts, email.last_error) == ("dead", 1, "550 5.1.1 No such person")
    assert mail_server.received == []


async def test_an_email_waits_for_a_server_that_is_down_and_then_leaves_by_itself(
    database: Database, make_worker: MakeWorker, clock: WallClock
) -> None:
    port = free_port()
    task = asyncio.create_task(make_worker(smtp(f"smtp://127.0.0.1:{port}")).run())
    await send(database)

    async def has_failed() -> bool:
        return (await only_email(database)).last_error != ""

    await until(has_failed)
    server = MailServer()
    controller = start(server, port)
    try:
        clock.move(rules.delay_after(1, 1.0))
        await until(received_one(server))
    finally:
        stop(controller)
        await cancelled(task)


async def test_a_running_worker_sends_at_the_commit_and_not_at_the_next_poll(
    database: Database, make_worker: MakeWorker, mail_server: MailServer
) -> None:
    task = asyncio.create_task(make_worker(smtp(mail_server.url), pace=WorkerPace(poll=3600)).run())
    await asyncio.sleep(0.2)
    await send(database)
    await until(received_one(mail_server))
    await cancelled(task)


async def test_racing_workers_send_each_email_once(
    database: Database, make_worker: MakeWorker, mail_server: MailServer
) -> None:
    await send(database, 50)
    workers = [make_worker(smtp(mail_server.url)) for _ in range(3)]

    async def empty(worker: MailWorker) -> int:
        attempts = 0
        while attempted := await worker.work_once():
            attempts += attempted
        return attempts

    attempts = await asyncio.gather(*(empty(worker) for worker in workers))
    assert sum(attempts) == 50
    assert Counter(mail_server.recipients) == {f"lin{number}@yunfan.example": 1 for number in range(50)}
    assert {email.status for email in await emails(database)} == {"sent"}


class DiesAfterDelivery:
    """A transport that hands the email over, whereupon the process is gone before it can note so."""

    def __init__(self, real: Transport) -> None:
        self._real = real

    async def deliver(self, message: EmailMessage) -> None:
        """Deliver, then die."""
        await self._real.deliver(message)
        raise KilledError

    async def check(self) -> None:
        """Nothing to check."""


class KilledError(BaseException):
    """Stands for kill -9: nobody below the event loop catches it."""


async def test_a_worker_killed_before_its_note_leaves_the_email_to_the_next_under_the_same_message_id(
    database: Database, make_worker: MakeWorker, mail_server: MailServer, clock: WallClock
) -> None:
    await send(database)
    with pytest.raises(KilledError):
        await make_worker(DiesAfterDelivery(smtp(mail_server.url))).work_once()
    survivor = make_worker(smtp(mail_server.url))
    assert await survivor.work_once() == 0, "the lease of the dead worker still stands"
    clock.move(timedelta(seconds=FAST.lease + 1))
    assert await survivor.work_once() == 1
    first, second = mail_server.received
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    assert (await only_email(database)).status == "sent"


class Slow:
    """A transport whose deliveries end when the test says so."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def deliver(self, message: EmailMessage) -> None:
        """Begin, and end when told."""
        del message
        self.begun.set()
        await self.may_end.wait()

    async def check(self) -> None:
        """Nothing to check."""


async def test_a_worker_that_lost_its_lease_does_not_overwrite_the_outcome_of_the_next(
    database: Database, make_worker: MakeWorker, mail_server: MailServer, clock: WallClock
) -> None:
    await send(database)
    slow = Slow()
    late = asyncio.create_task(make_worker(slow).work_once())
    await slow.begun.wait()
    clock.move(timedelta(seconds=FAST.lease + 1))
    mail_server.to_recipient.append("550 5.1.1 No such person")
    await make_worker(smtp(mail_server.url)).work_once()
    slow.may_end.set()
    await late
    assert (await only_email(database)).status == "dead"


async def test_a_lease_is_renewed_for_as_long_as_its_delivery_takes(
    database: Database, make_worker: MakeWorker, mail_server: MailServer
) -> None:
    await send(database)
    slow, quick = Slow(), WorkerPace(lease=0.5, renewal=0.05)
    late = asyncio.create_task(make_worker(slow, pace=quick).work_once())
    await slow.begun.wait()
    first = (await only_email(database)).leased_until
    assert first

    async def has_outlasted() -> bool:
        renewed = (await only_email(database)).leased_until
        return renewed is not None and renewed > first + timedelta(seconds=1)

    others = make_worker(smtp(mail_server.url))
    while not await has_outlasted():
        assert await others.work_once() == 0
        await asyncio.sleep(0.02)
    slow.may_end.set()
    await late
    assert mail_server.received == []
    assert (await only_email(database)).status == "sent"


async def test_a_cancelled_worker_lets_a_delivery_under_way_end(database: Database, make_worker: MakeWorker) -> None:
    await send(database)
    slow = Slow()
    task = asyncio.create_task(make_worker(slow).run())
    await slow.begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    slow.may_end.set()
    await cancelled(task)
    assert (await only_email(database)).status == "sent"


async def test_a_cancelled_worker_frees_what_it_could_not_deliver(
    database: Database, make_worker: MakeWorker, mail_server: MailServer
) -> None:
    await send(database)
    slow = Slow()
    task = asyncio.create_task(make_worker(slow, pace=WorkerPace(farewell=0.05)).run())
    await slow.begun.wait()
    await cancelled(task)
    assert await make_worker(smtp(mail_server.url)).work_once() == 1
    email = await only_email(database)
    assert (email.status, email.attempts) == ("sent", 1)


async def test_a_delivery_that_hangs_is_put_back(database: Database, make_worker: MakeWorker) -> None:
    await send(database)
    await make_worker(Slow(), pace=WorkerPace(delivery=0.05)).work_once()
    email = await only_email(database)
    assert (email.status, email.last_error) == ("queued", "the delivery took too long")


class Broken:
    """A transport with a bug."""

    async def deliver(self, message: EmailMessage) -> None:
        """Fail as nobody foresaw."""
        del message
        raise ZeroDivisionError

    async def check(self) -> None:
        """Nothing to check."""


async def test_an_email_that_breaks_the_machine_is_put_back_and_given_up_in_the_end(
    database: Database, make_worker: MakeWorker, clock: WallClock
) -> None:
    outcomes: list[str] = []
    worker = make_worker(Broken(), count=outcomes.append)
    await send(database)
    begin = clock.now()
    while await worker.work_once():
        clock.move(timedelta(hours=3))
    assert outcomes == ["retried"] * (rules.MAX_ATTEMPTS - 1) + ["dead"]
    assert clock.now() > begin
    email = await only_email(database)
    assert (email.status, email.last_error) == ("dead", "ZeroDivisionError")


async def test_a_worker_outlives_an_outbox_that_is_away_for_a_while(
    database: Database, make_worker: MakeWorker, mail_server: MailServer
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE emails RENAME TO hidden_emails"))
    task = asyncio.create_task(make_worker(smtp(mail_server.url)).run())
    await asyncio.sleep(0.2)
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE hidden_emails RENAME TO emails"))
    await send(database)
    await until(received_one(mail_server))
    await cancelled(task)


async def test_words_of_a_server_that_no_database_stores_are_kept_as_far_as_they_can_be(
    database: Database, make_worker: MakeWorker
) -> None:
    await send(database)
    await make_worker(Ranting()).work_once()
    email = await only_email(database)
    assert email.status == "queued"
    assert email.last_error == "451 \ufffdLater " + "x" * 488 + "…"


class Ranting:
    """A transport whose server answers with bytes that are no text, at length."""

    async def deliver(self, message: EmailMessage) -> None:
        """Answer."""
        del message
        raise TransientMailError("451 \x00\udcffLater\r\n" + "x" * 1000)

    async def check(self) -> None:
        """Nothing to check."""


async def test_the_link_leaves_the_database_with_the_email(database: Database, worker: MailWorker) -> None:
    await send(database)
    await worker.work_once()
    assert (await only_email(database)).params == RESET | {"link": rules.SCRUBBED_LINK}


async def test_the_link_leaves_the_database_with_an_email_given_up(
    database: Database, worker: MailWorker, mail_server: MailServer
) -> None:
    mail_server.to_recipient.append("550 5.1.1 No such person")
    await send(database)
    await worker.work_once()
    assert (await only_email(database)).params["link"] == rules.SCRUBBED_LINK


async def test_the_link_stays_while_the_email_may_be_tried_again_and_in_the_sandbox(
    database: Database, make_worker: MakeWorker, mail_server: MailServer, clock: WallClock
) -> None:
    mail_server.to_recipient.append("451 4.7.1 Later")
    await send(database)
    await make_worker(smtp(mail_server.url)).work_once()
    assert (await only_email(database)).params["link"] == RESET["link"]
    clock.move(timedelta(hours=1))
    await make_worker(smtp(mail_server.url), keeps_secrets=True).work_once()
    assert (await only_email(database)).params["link"] == RESET["link"]


async def test_an_email_whose_template_is_gone_is_given_up_and_the_others_still_leave(
    database: Database, worker: MailWorker, mail_server: MailServer
) -> None:
    await send(database, 2)
    async with database.writing() as work:
        gone = (await work.session.exec(select(Email).limit(1))).one()
        gone.template = "no_such_email"
        await work.commit()
    await worker.work_once()
    assert sorted(email.status for email in await emails(database)) == ["dead", "sent"]
    assert len(mail_server.received) == 1


async def test_logs_hold_neither_address_nor_link(
    database: Database, worker: MailWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    await send(database)
    await worker.work_once()
    logged = capsys.readouterr().out
    assert "mail.sent" in logged
    assert "lin0" not in logged
    assert "s3cret" not in logged


async def test_each_language_has_its_own_email(database: Database, worker: MailWorker, mail_server: MailServer) -> None:
    async with database.writing() as work:
        await outbox.queue(
            work,
            outbox.Recipient("lin@yunfan.example", Language.EN),
            "password_changed",
            {"name": "Lin", "at": "22 November 2026, 10:00 (UTC+8)", "device": "Chrome, macOS", "place": "杭州"},
            idempotency_key="changed:1",
        )
        await work.commit()
    await worker.work_once()
    (message,) = mail_server.received
    assert message["Subject"] == "Your password was changed"
    assert message["Content-Language"] == "en"


async def cancelled(task: asyncio.Task[None]) -> None:
    """Cancel the task and wait for its end."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
