"""A store that answers but takes no writes is named, and so is what helps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis.asyncio as redis

from guance_portal import doctor
from guance_portal.core import migrate, outages
from guance_portal.core.db import Database, UnusableDatabaseError, create_engine
from guance_portal.core.readiness import Readiness
from guance_portal.core.write_probes import folder_refuses
from guance_portal.mail.files import FileTransport
from guance_portal.mail.ports import TransientMailError
from tests.support.own_postgresql import OwnPostgresql
from tests.support.own_redis import OwnRedis
from tests.support.small_disks import fill, make_read_only, small_disk


@pytest.fixture(scope="module")
def server() -> Generator[OwnPostgresql]:
    """A PostgreSQL of its own, with a migrated database and a user who may do what the portal does."""
    with OwnPostgresql.start() as server:
        server.do("create role portal login", "create database portal owner portal")
        asyncio.run(_migrated(server.url("portal", "portal")))
        yield server


@pytest.fixture(scope="module")
def store() -> Generator[OwnRedis]:
    with OwnRedis.start() as server:
        yield server


async def _migrated(url: str) -> None:
    engine = create_engine(url)
    await migrate.upgrade(engine)
    await engine.dispose()


async def problems(url: str, redis_url: str = "", folder: Path | None = None) -> dict[str, str]:
    """What a worker that has just started would say."""
    database = Database(create_engine(url))
    readiness = Readiness(database.engine, redis_url, folder)
    try:
        return dict(await readiness.problems())
    finally:
        await readiness.close()
        await database.close()


async def test_a_well_postgresql_takes_the_probe_and_keeps_nothing_of_it(server: OwnPostgresql) -> None:
    assert await problems(server.url("portal", "portal")) == {}


async def test_a_postgresql_made_read_only_is_named_and_found_well_again(server: OwnPostgresql) -> None:
    server.become_read_only()
    try:
        assert await problems(server.url("portal", "portal")) == {"database": outages.READ_ONLY}
    finally:
        server.become_read_only(is_read_only=False)
    assert await problems(server.url("portal", "portal")) == {}


async def test_a_hot_standby_is_read_only(server: OwnPostgresql) -> None:
    with server.standby() as other:
        assert await problems(other.url("portal", "portal")) == {"database": outages.READ_ONLY}


@pytest.mark.parametrize(
    ("take", "give", "named"),
    [
        ("revoke insert on emails from portal", "grant insert on emails to portal", outages.FORBIDDEN),
        ("revoke update on emails from portal", "grant update on emails to portal", outages.FORBIDDEN),
        ("revoke select on sessions from portal", "grant select on sessions to portal", outages.FORBIDDEN),
        ("alter role portal connection limit 0", "alter role portal connection limit -1", outages.NO_CONNECTION),
    ],
)
async def test_what_the_user_may_no_longer_do_is_named(server: OwnPostgresql, take: str, give: str, named: str) -> None:
    server.do(take, database="portal")
    try:
        assert await problems(server.url("portal", "portal")) == {"database": named}
    finally:
        server.do(give, database="portal")


async def test_a_postgresql_without_room_is_named() -> None:
    with small_disk(160) as disk, OwnPostgresql.start(disk) as server:
        await _migrated(server.url())
        assert await problems(server.url()) == {}
        filler = fill(disk)
        assert await problems(server.url()) == {"database": outages.FULL}
        filler.unlink()
        assert await problems(server.url()) == {}


@pytest.mark.parametrize(
    ("setting", "wrong", "right", "named"),
    [
        ("replicaof", "127.0.0.1 1", "no one", outages.READ_ONLY),
        ("min-replicas-to-write", "1", "0", "without the replicas it needs to take writes"),
        ("maxmemory", "1", "0", outages.FULL),
    ],
)
async def test_a_redis_that_takes_no_writes_is_named(
    database: Database,
    store: OwnRedis,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    setting: str,
    wrong: str,
    right: str,
    named: str,
) -> None:
    url = str(database.engine.url.render_as_string(hide_password=False))
    for variable, value in (("PORTAL_DATA_DIR", str(tmp_path)), ("REFLEX_REDIS_URL", store.url)):
        monkeypatch.setenv(variable, value)
    async with commands(store) as client:
        await _set(client, setting, wrong)
        try:
            assert await problems(url, store.url) == {"redis": named}
            [found] = [one for one in await asyncio.to_thread(doctor.examine) if one.subject == "Redis"]
            assert (found.is_well, found.state) == (False, f"takes no writes: it is {named}")
        finally:
            await _set(client, setting, right)
    assert await problems(url, store.url) == {}


async def test_a_redis_that_cannot_save_to_its_disk_is_named(database: Database, store: OwnRedis) -> None:
    url = str(database.engine.url.render_as_string(hide_password=False))
    async with commands(store) as client:
        in_the_way = Path((await client.config_get("dir"))["dir"]) / "dump.rdb"
        in_the_way.unlink(missing_ok=True)
        in_the_way.mkdir()
        await client.config_set("save", "3600 1")
        await _save_beside(client, "err")
        try:
            assert await problems(url, store.url) == {"redis": "not able to save to its disk"}
        finally:
            in_the_way.rmdir()
            await client.config_set("save", "")
            await _save_beside(client, "ok")


@asynccontextmanager
async def commands(store: OwnRedis) -> AsyncGenerator[redis.Redis]:
    client = redis.from_url(store.url, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()


async def _save_beside(client: redis.Redis, outcome: str) -> None:
    """Let Redis save as it does by itself, until that has ended so."""
    await client.bgsave()
    async with asyncio.timeout(20):
        while (await client.info("persistence"))["rdb_last_bgsave_status"] != outcome:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


async def _set(client: redis.Redis, setting: str, value: str) -> None:
    if setting == "replicaof":
        await client.execute_command("REPLICAOF", *value.split())  # pyright: ignore[reportGeneralTypeIssues]
    else:
        await client.config_set(setting, value)


async def test_a_full_disk_is_named_for_sqlite_the_data_folder_and_emails() -> None:
    with small_disk(4) as disk:
        url = f"sqlite+aiosqlite:///{disk / 'portal.sqlite3'}"
        await _migrated(url)
        assert await problems(url, folder=disk) == {}
        filler = fill(disk)
        found = await problems(url, folder=disk)
        assert found["data folder"] == outages.FULL
        assert found["database"] in {outages.FULL, outages.BROKEN}
        with pytest.raises(TransientMailError):
            await FileTransport(disk / "mail").check()
        filler.unlink()
        assert await problems(url, folder=disk) == {}


async def test_a_disk_that_has_become_read_only_is_named() -> None:
    with small_disk(4) as disk:
        url = f"sqlite+aiosqlite:///{disk / 'portal.sqlite3'}"
        await _migrated(url)
        make_read_only(disk)
        assert folder_refuses(disk) == outages.READ_ONLY
        with pytest.raises(UnusableDatabaseError, match="Read-only"):
            create_engine(url)


async def test_a_writer_at_work_does_not_make_sqlite_unwritable(database: Database) -> None:
    url = str(database.engine.url.render_as_string(hide_password=False))
    async with database.writing():
        assert await problems(url) == {}
