"""PostgreSQL and Redis for a test: an empty database of its own; skipped where there is none, a failure when CI=true."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from typing import LiteralString, NoReturn

import psycopg
import pytest
import redis
from psycopg import sql

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432")
"""The server's address without a database's name."""

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379")


@contextmanager
def fresh_postgresql() -> Generator[str]:
    """The SQLAlchemy address of an empty database, dropped afterwards."""
    plain = POSTGRESQL.replace("+psycopg", "")
    name = f"portal_test_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(f"{plain}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        unavailable("PostgreSQL")
    with server:
        server.execute(f'create database "{name}"'.encode())
        # No test cuts the power, so none needs to wait for the disk at every commit.
        server.execute(f'alter database "{name}" set synchronous_commit = off'.encode())
        try:
            yield f"{POSTGRESQL}/{name}"
        finally:
            server.execute(f'drop database "{name}" with (force)'.encode())


def delete_all_rows(url: str) -> None:
    """Leave the tables of a PostgreSQL database empty: dropping a database takes a hundred times longer."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        # As a replica the server keeps no order between tables and fires no trigger, that of the audit included ...
        connection.execute("set session_replication_role = replica")
        named = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        tables = {name for (name,) in connection.execute(named).fetchall()}
        # ... but for those of the ledger, which only its owner can switch off. Most tests have no ledger.
        guards = connection.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger where tgenabled = 'A'"
        ).fetchall()
        if connection.execute("select exists (select 1 from ledger_heads)").fetchone() == (True,):
            _switch(connection, guards, "disable")
            _delete(connection, tables)
            _switch(connection, guards, "enable always")
        else:
            _delete(connection, tables - {table for table, _ in guards})


def _delete(connection: psycopg.Connection, tables: set[str]) -> None:
    each = (sql.SQL("delete from {}").format(sql.Identifier(table)) for table in tables)
    connection.execute(sql.SQL("; ").join(each))


def _switch(connection: psycopg.Connection, triggers: list[tuple[str, str]], way: LiteralString) -> None:
    for table, trigger in triggers:
        connection.execute(
            sql.SQL("alter table {} {} trigger {}").format(sql.Identifier(table), sql.SQL(way), sql.Identifier(trigger))
        )


@contextmanager
def withheld(url: str, table: str) -> Generator[None]:
    """Readers of the table get no answer meanwhile."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(sql.SQL("lock table {} in access exclusive mode").format(sql.Identifier(table)))
        yield


@contextmanager
def fresh_redis() -> Generator[str]:
    """The address of an empty Redis database, emptied afterwards."""
    numbers = list(range(1, 16))
    random.shuffle(numbers)
    for number in numbers:
        client = redis.Redis.from_url(f"{REDIS}/{number}", socket_connect_timeout=3)  # pyright: ignore[reportUnknownMemberType]
        try:
            is_ours = bool(client.dbsize() == 0 and client.set("portal-test", "1", nx=True, ex=900))
        except redis.ConnectionError:
            unavailable("Redis")
        if is_ours:
            try:
                yield f"{REDIS}/{number}"
            finally:
                client.flushdb()  # pyright: ignore[reportUnknownMemberType]
                client.close()
            return
    pytest.fail("no empty Redis database is left: other tests have them all")


def unavailable(what: str) -> NoReturn:
    """End the test: nothing to test against."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} cannot be reached, and CI=true")
    pytest.skip(f"{what} cannot be reached")
