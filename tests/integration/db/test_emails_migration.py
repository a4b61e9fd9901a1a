"""The migration that renames the tables and columns of emails and openings loses no row and no rule, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from guance_portal.core import migrate
from guance_portal.core.db import create_engine
from tests.integration.db.test_drafts_migration import naive
from tests.integration.db.test_migrations import empty_url

__all__ = ["empty_url"]
BEFORE, AFTER = "0190", "0160"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LETTER: dict[str, Any] = {
    "id": "mail_1",
    "once": "password_reset:1",
    "recipient": "lin@yunfan.example",
    "language": "zh-CN",
    "template": "password_reset",
    "params": {"link": "https://portal.example/#1"},
    "created_at": NOW,
    "status": "queued",
    "attempts": 2,
    "next_attempt_at": NOW,
    "leased_until": None,
    "lease_owner": "",
    "sender": "",
    "message_id": "",
    "sent_at": None,
    "last_error": "busy",
}
USER: dict[str, Any] = {
    "id": "user_1",
    "site": "cn1",
    "email": "lin@yunfan.example",
    "email_key": "lin@yunfan.example",
    "username": "lin",
    "phone": "",
    "language": "zh-CN",
    "created_at": NOW,
}
WORKSPACE: dict[str, Any] = {
    "id": "wksp_1",
    "site": "cn1",
    "name": "云帆",
    "language": "zh-CN",
    "edition": "free",
    "created_at": NOW,
}
OPENING: dict[str, Any] = {"workspace_id": "wksp_1", "user_id": "user_1", "once": "once_1", "opened_at": NOW}
OLD = {"users": USER, "workspaces": WORKSPACE, "letters": LETTER, "workspace_openings": OPENING}


def _insert(connection: sa.Connection, name: str, row: dict[str, Any]) -> None:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    connection.execute(table.insert(), naive(row) if connection.dialect.name == "sqlite" else row)


def _row(connection: sa.Connection, name: str) -> dict[str, Any]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    return dict(connection.execute(sa.select(table)).mappings().one())


async def test_rows_stay_under_their_new_names_and_a_key_still_counts_once(empty_url: str) -> None:
    engine = create_engine(empty_url)
    await migrate.upgrade(engine, BEFORE)
    async with engine.begin() as connection:
        for name, row in OLD.items():
            await connection.run_sync(_insert, name, row)
        before = await connection.run_sync(_row, "letters")
    await migrate.upgrade(engine, AFTER)
    async with engine.connect() as connection:
        email = await connection.run_sync(_row, "emails")
        opening = await connection.run_sync(_row, "workspace_openings")
    assert email == {"idempotency_key": before.pop("once"), **before}
    assert (opening["workspace_id"], opening["idempotency_key"]) == ("wksp_1", "once_1")
    async with engine.connect() as connection:
        with pytest.raises(IntegrityError):
            await connection.run_sync(_insert, "emails", {**email, "id": "mail_2"})
        await connection.rollback()
        await connection.run_sync(_insert, "workspaces", {**WORKSPACE, "id": "wksp_2"})
        with pytest.raises(IntegrityError):
            await connection.run_sync(_insert, "workspace_openings", {**opening, "workspace_id": "wksp_2"})
    await migrate.downgrade(engine, BEFORE)
    async with engine.connect() as connection:
        assert await connection.run_sync(_row, "letters") == {"once": email["idempotency_key"], **before}
        assert "emails" not in await connection.run_sync(lambda one: sa.inspect(one).get_table_names())
    await engine.dispose()
