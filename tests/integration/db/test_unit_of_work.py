"""Units of work: what is committed lasts, what is not never was, and races lose nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from guance_portal.accounts.tables import Workspace
from guance_portal.core.db import Database, UnitOfWork, create_engine
from guance_portal.core.messages import Language
from tests.support.clocks import MovableClock
from tests.support.faults import InjectedFaultError, statements

RACERS = 20


@pytest.fixture
async def counter(database: Database, clock: MovableClock) -> Database:
    """A database with one workspace whose name is a number."""
    async with database.writing() as work:
        work.session.add(Workspace(id="w", site="cn1", name="0", language=Language.ZH, created_at=clock.now()))
        await work.commit()
    return database


async def _add_one(work: UnitOfWork) -> None:
    found = select(Workspace).where(col(Workspace.id) == "w").with_for_update()
    workspace = (await work.session.exec(found)).one()
    await asyncio.sleep(0.002)
    workspace.name = str(int(workspace.name) + 1)
    await work.commit()


async def _count(database: Database) -> int:
    async with database.reading() as work:
        return int((await work.session.exec(select(Workspace.name))).one())


async def test_racing_read_modify_writes_all_count(counter: Database) -> None:
    async def race() -> None:
        async with counter.writing() as work:
            await _add_one(work)

    await asyncio.gather(*(race() for _ in range(RACERS)))
    assert await _count(counter) == RACERS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_begin_immediate_sqlite_would_lose_some(counter: Database) -> None:
    async def race() -> None:
        async with UnitOfWork(counter.engine, writes=False) as work:
            await _add_one(work)

    results = await asyncio.gather(*(race() for _ in range(RACERS)), return_exceptions=True)
    lost = [result for result in results if isinstance(result, OperationalError)]
    assert lost
    assert await _count(counter) == RACERS - len(lost)


async def test_a_writing_unit_says_so_to_sqlite_at_its_beginning(database: Database) -> None:
    said: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    async with database.writing() as work:
        await (await work.session.connection()).execute(text("SELECT 1"))
    assert said == (["BEGIN IMMEDIATE", "SELECT 1"] if database.engine.dialect.name == "sqlite" else ["SELECT 1"])


async def test_what_is_not_committed_never_was(counter: Database) -> None:
    async with counter.writing() as work:
        (await work.session.exec(select(Workspace))).one().name = "7"
        await work.session.flush()
    assert await _count(counter) == 0


async def test_an_error_undoes_everything(counter: Database) -> None:
    async def fail() -> None:
        async with counter.writing() as work:
            (await work.session.exec(select(Workspace))).one().name = "7"
            await work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _count(counter) == 0


async def test_rows_can_be_read_after_the_unit_has_ended(counter: Database) -> None:
    async with counter.reading() as work:
        workspace = (await work.session.exec(select(Workspace))).one()
    assert workspace.name == "0"


async def test_anyone_who_waits_is_told_after_the_commit_and_only_then(counter: Database) -> None:
    told: list[str] = []
    async with counter.writing() as work:
        work.after_commit(lambda: told.append("committed"))
        assert not told
        await work.commit()
        assert told == ["committed"]
    async with counter.writing() as work:
        work.after_commit(lambda: told.append("rolled back"))
    assert told == ["committed"]


async def test_a_moment_comes_back_aware_and_the_same(counter: Database, clock: MovableClock) -> None:
    async with counter.reading() as work:
        created_at = (await work.session.exec(select(Workspace.created_at))).one()
    assert created_at == clock.now()
    assert created_at.tzinfo


async def test_errors_do_not_show_the_values_of_a_statement(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table") as problem:
        async with database.writing() as work:
            await (await work.session.connection()).execute(
                text("SELECT * FROM no_such_table WHERE x = :secret"), {"secret": "a-reset-token"}
            )
    assert "a-reset-token" not in str(problem.value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_writers_get_their_turn_in_the_order_they_came(counter: Database) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with counter.writing() as work:
            order.append(number)
            await _add_one(work)

    async with counter.writing():
        waiting = [asyncio.create_task(write(number)) for number in range(RACERS)]
        await asyncio.sleep(0.3)
    await asyncio.gather(*waiting)
    assert order == list(range(RACERS))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_unit_that_could_not_begin_keeps_nothing_locked(counter: Database) -> None:
    with statements(counter, break_after=1), pytest.raises(InjectedFaultError):
        async with counter.writing():
            pass
    async with asyncio.timeout(5), counter.writing() as work:
        await _add_one(work)
    assert await _count(counter) == 1


async def test_others_on_the_machine_cannot_read_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "portal.sqlite3"
    database = Database(create_engine(f"sqlite+aiosqlite:///{path}"))
    async with database.writing() as work:
        await (await work.session.connection()).execute(text("CREATE TABLE a (b)"))
        assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
            "portal.sqlite3": 0o600,
            "portal.sqlite3-shm": 0o600,
            "portal.sqlite3-wal": 0o600,
        }
    assert path.parent.stat().st_mode & 0o777 == 0o700
    await database.close()


async def test_a_connection_that_is_closed_in_the_middle_of_a_query_holds_no_lock(tmp_path: Path) -> None:
    """A cancelled request is closed so, and its cursor lives on in the exception."""
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'portal.sqlite3'}")
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("BEGIN IMMEDIATE")
        unfinished = await driver.execute("SELECT 1 UNION ALL SELECT 2")
        await unfinished.fetchone()
        await driver.close()
        with closing(sqlite3.connect(tmp_path / "portal.sqlite3", timeout=0.1, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
        await connection.invalidate()
    await engine.dispose()
