"""Reading units of work: what they see, what they may not do, whom they keep waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from guance_portal.core.db import Database, UnitOfWork, create_engine


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite file with one number in it."""
    database = Database(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"))
    async with database.engine.begin() as connection:
        await connection.execute(text("create table numbers (value integer)"))
        await connection.execute(text("insert into numbers values (1)"))
    yield database
    await database.close()


async def _number(work: UnitOfWork) -> int:
    connection = await work.session.connection()
    return (await connection.execute(text("select value from numbers"))).scalar_one()


async def _set(work: UnitOfWork, value: int) -> None:
    connection = await work.session.connection()
    await connection.execute(text("update numbers set value = :value"), {"value": value})


async def test_a_reading_unit_cannot_write(database: Database) -> None:
    async with database.reading() as work:
        with pytest.raises(OperationalError, match="readonly"):
            await _set(work, 2)


async def test_a_reading_unit_waits_for_no_writer(database: Database) -> None:
    async with database.writing() as writer:
        await _set(writer, 2)
        async with asyncio.timeout(1), database.reading() as reader:
            assert await _number(reader) == 1
        await writer.commit()
    async with database.reading() as reader:
        assert await _number(reader) == 2


async def test_a_reading_unit_sees_one_moment_to_its_end(database: Database) -> None:
    async with database.reading() as reader:
        assert await _number(reader) == 1
        async with database.writing() as writer:
            await _set(writer, 2)
            await writer.commit()
        assert await _number(reader) == 1


async def test_many_readers_at_once_each_get_their_answer(database: Database) -> None:
    async def read() -> int:
        async with database.reading() as work:
            await asyncio.sleep(0)
            return await _number(work)

    assert await asyncio.gather(*(read() for _ in range(50))) == [1] * 50


async def test_a_report_reads_without_holding_up_the_event_loop(database: Database) -> None:
    slow = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select sum(i) from n"
    turns = 0  # of the event loop, while the report is read

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    counting = asyncio.create_task(count_turns())
    async with database.reporting() as work:
        await (await work.session.connection()).execute(text(slow))
    counting.cancel()
    assert turns > 10
