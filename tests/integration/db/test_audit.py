"""Audit rows: written with the change, and never altered."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from guance_portal.core import audit
from guance_portal.core.actor import Actor, Caller, Realm
from guance_portal.core.audit import AuditEntry
from guance_portal.core.db import Database
from tests.support.clocks import MovableClock

ACTOR = Actor(realm=Realm.CONSOLE, subject_id="user_1", session_id="sess_1")


async def _write(database: Database, clock: MovableClock, *, is_committed: bool = True) -> None:
    async with database.writing() as work:
        caller = Caller(address="192.0.2.7")
        audit.record(work, "thing.done", ("thing", "t1"), at=clock.now(), actor=ACTOR, caller=caller, why="test")
        if is_committed:
            await work.commit()


async def test_an_entry_says_who_did_what_to_what_when_and_from_where(database: Database, clock: MovableClock) -> None:
    await _write(database, clock)
    async with database.reading() as work:
        entry = (await work.session.exec(select(AuditEntry))).one()
    assert entry.model_dump(exclude={"id"}) == {
        "at": clock.now(),
        "actor_realm": "console",
        "actor_id": "user_1",
        "actor_session": "sess_1",
        "act": "thing.done",
        "subject_type": "thing",
        "subject_id": "t1",
        "details": {"why": "test"},
        "address": "192.0.2.7",
    }


async def test_an_entry_of_a_change_that_was_undone_is_undone(database: Database, clock: MovableClock) -> None:
    await _write(database, clock, is_committed=False)
    async with database.reading() as work:
        assert (await work.session.exec(select(AuditEntry))).all() == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET act = 'nothing'", "DELETE FROM audit_entries"])
async def test_the_database_refuses_to_change_an_entry(database: Database, clock: MovableClock, statement: str) -> None:
    await _write(database, clock)
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.writing() as work:
            await (await work.session.connection()).execute(text(statement))
    async with database.reading() as work:
        assert (await work.session.exec(select(AuditEntry.act))).one() == "thing.done"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_refuses_to_replace_an_entry(database: Database, clock: MovableClock) -> None:
    await _write(database, clock)
    async with database.reading() as work:
        columns = await (await work.session.connection()).run_sync(_columns)
    others = ", ".join("'nothing'" if name == "act" else name for name in columns)
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.writing() as work:
            await (await work.session.connection()).execute(
                text(f"REPLACE INTO audit_entries SELECT {others} FROM audit_entries")  # noqa: S608 - our own names
            )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_refuses_to_replace_an_entry_by_its_hidden_row_id(database: Database, clock: MovableClock) -> None:
    await _write(database, clock)
    async with database.reading() as work:
        columns = await (await work.session.connection()).run_sync(_columns)
    others = ", ".join("'other'" if name == "id" else name for name in columns)
    statement = f"REPLACE INTO audit_entries (rowid, {', '.join(columns)}) SELECT rowid, {others} FROM audit_entries"  # noqa: S608 - our own names
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.writing() as work:
            await (await work.session.connection()).execute(text(statement))


def _columns(connection: Connection) -> list[str]:
    return [column["name"] for column in inspect(connection).get_columns("audit_entries")]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_postgresql_refuses_to_empty_the_table(database: Database) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        async with database.writing() as work:
            await (await work.session.connection()).execute(text("TRUNCATE audit_entries"))
