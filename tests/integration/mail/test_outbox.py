"""Emails are written with the change they tell about, once, and only if they can be sent."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from guance_portal.core.db import Database, UnitOfWork
from guance_portal.core.messages import Language
from guance_portal.mail import outbox, wake_up
from guance_portal.mail.rules import EmailError
from guance_portal.mail.tables import Email

RESET = {"name": "林知夏", "link": "https://portal.example/reset?token=s3cret", "minutes": "30"}


async def queue_reset(
    work: UnitOfWork, *, to: str = "lin@yunfan.example", idempotency_key: str = "reset:1", **changes: str
) -> None:
    """The email most tests send."""
    await outbox.queue(
        work, outbox.Recipient(to, Language.ZH), "password_reset", RESET | changes, idempotency_key=idempotency_key
    )


async def emails(database: Database) -> list[Email]:
    """Every row of the outbox."""
    async with database.reading() as work:
        rows = list((await work.session.exec(select(Email))).all())
        work.session.expunge_all()
    return rows


async def test_a_repeated_idempotency_key_writes_one_email(database: Database) -> None:
    for name in ("first", "second"):
        async with database.writing() as work:
            await queue_reset(work, name=name)
            await queue_reset(work, name="third")
            await work.commit()
    assert [email.params["name"] for email in await emails(database)] == ["first"]


async def test_acts_that_race_for_one_idempotency_key_write_one_email(database: Database) -> None:
    async def act() -> None:
        async with database.writing() as work:
            await queue_reset(work)
            await work.commit()

    await asyncio.gather(*(act() for _ in range(10)))
    assert len(await emails(database)) == 1


async def test_a_transaction_that_rolls_back_leaves_no_email_and_wakes_nobody(database: Database) -> None:
    with wake_up.listening() as woken:
        async with database.writing() as work:
            await queue_reset(work)
        assert not woken.is_set()
    assert await emails(database) == []


async def test_a_committed_email_wakes_the_worker(database: Database) -> None:
    with wake_up.listening() as woken:
        async with database.writing() as work:
            await queue_reset(work)
            assert not woken.is_set()
            await work.commit()
        assert woken.is_set()


@pytest.mark.parametrize(
    "to",
    [
        "lin@yunfan.example\r\nBcc: all@yunfan.example",
        "lin@yunfan.example\nX: y",
        "lin@yunfan.example, other@yunfan.example",
        "Lin <lin@yunfan.example>",
        " lin@yunfan.example",
        "lin",
        "@yunfan.example",
        "",
        "l" * 310 + "@yunfan.example",
    ],
)
async def test_only_a_single_plain_address_can_be_written_to(database: Database, to: str) -> None:
    async with database.writing() as work:
        with pytest.raises(EmailError):
            await queue_reset(work, to=to)
        await work.commit()
    assert await emails(database) == []


async def test_an_email_that_lacks_a_value_fails_where_it_is_queued(database: Database) -> None:
    async with database.writing() as work:
        with pytest.raises(EmailError, match="link"):
            await outbox.queue(
                work,
                outbox.Recipient("lin@yunfan.example", Language.EN),
                "password_reset",
                {"name": "Lin", "minutes": "30"},
                idempotency_key="reset:1",
            )


async def test_an_idempotency_key_that_is_empty_or_too_long_is_refused(database: Database) -> None:
    async with database.writing() as work:
        for idempotency_key in ("", "k" * 201):
            with pytest.raises(EmailError, match="idempotency key"):
                await queue_reset(work, idempotency_key=idempotency_key)
