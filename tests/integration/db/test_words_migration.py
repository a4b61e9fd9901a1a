"""The migration that renames marketplace SSO, SSO handoff and caught codes loses no row, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from guance_portal.core import migrate
from guance_portal.core.db import create_engine
from tests.integration.db.test_drafts_migration import naive
from tests.integration.db.test_migrations import empty_url

__all__ = ["empty_url"]
BEFORE, AFTER = "0236", "0237"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _example(connection: sa.Connection, name: str, **known: Any) -> dict[str, Any]:
    """A row of the table: what is known, and something of the right type in every other column."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    row = {column.name: known.get(column.name, _value(column)) for column in table.columns}
    connection.execute(table.insert(), naive(row) if connection.dialect.name == "sqlite" else row)
    return row


def _value(column: sa.Column[Any]) -> object:
    if column.nullable:
        return None
    if isinstance(column.type, sa.DateTime):
        return NOW
    if isinstance(column.type, sa.Boolean):
        return False
    return 1 if isinstance(column.type, sa.Integer) else ""


def _rows(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


async def test_rows_stay_under_their_new_names_and_come_back_under_the_old(empty_url: str) -> None:
    engine = create_engine(empty_url)
    await migrate.upgrade(engine, BEFORE)
    async with engine.begin() as connection:
        await connection.run_sync(
            lambda one: _example(
                one,
                "subscriptions",
                id="subs_1",
                provider="aliyun",
                state="live",
                source="aliyun_spi",
                currency="CNY",
            )
        )
        await connection.run_sync(lambda one: _example(one, "free_logins", token_hash="h", subscription_id="subs_1"))
        await connection.run_sync(lambda one: _example(one, "tickets", token_hash="t", kind="jump", realm="console"))
        await connection.run_sync(
            lambda one: _example(one, "email_codes", id="code_1", purpose="sign_up", is_trapped=True)
        )
        old = {name: await connection.run_sync(_rows, name) for name in ("free_logins", "tickets", "email_codes")}
    await migrate.upgrade(engine, AFTER)
    async with engine.connect() as connection:
        assert await connection.run_sync(_rows, "marketplace_sso") == old["free_logins"]
        assert await connection.run_sync(_rows, "tickets") == [{**old["tickets"][0], "kind": "sso_handoff"}]
        assert [row["is_caught"] for row in await connection.run_sync(_rows, "email_codes")] == [True]
    await migrate.downgrade(engine, BEFORE)
    async with engine.connect() as connection:
        assert {name: await connection.run_sync(_rows, name) for name in old} == old
    await engine.dispose()
