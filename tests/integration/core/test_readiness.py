"""Readiness: many who ask at once are one question."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import event

from guance_portal.core.db import Database
from guance_portal.core.readiness import Readiness
from tests.support.databases import fresh_redis
from tests.support.portal_server import free_port


async def test_of_many_who_ask_together_one_asks_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guance_portal.core.readiness._KNOWN_FOR", 60.0)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    readiness = Readiness(database.engine, "")
    assert await asyncio.gather(*(readiness.problems() for _ in range(50))) == [{}] * 50
    assert asked.count("SELECT 1") == 1


async def test_redis_is_asked_over_one_connection(database: Database) -> None:
    with fresh_redis() as url:
        readiness = Readiness(database.engine, url)
        for _ in range(5):
            assert await readiness.redis_problem() == ""
        assert readiness._redis
        clients = await readiness._redis.client_list()
        assert len([one for one in clients if one["cmd"] == "client|list"]) == 1
        await readiness.close()


async def test_what_cannot_be_reached_is_named(database: Database) -> None:
    readiness = Readiness(database.engine, f"redis://127.0.0.1:{free_port()}")
    assert list(await readiness.problems()) == ["redis"]
    await readiness.close()
