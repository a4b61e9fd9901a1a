"""The migration that dates who pays says the same as the bindings and the changes before it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from guance_portal.core import migrate
from guance_portal.core.db import create_engine
from tests.integration.db.test_migrations import empty_url

__all__ = ["empty_url"]
BEFORE = "0152"
OPENED = datetime(2026, 7, 1, 2, tzinfo=UTC)
"""Still 30 June in Oregon."""
WORKSPACES = {"w1": "cn1", "w2": "us1", "w3": "cn1"}
CHANGES = [
    ("w1", "c1", None, date(2026, 7, 2), 1),
    ("w1", "c2", "c1", date(2026, 7, 5), 2),
    ("w1", None, "c2", date(2026, 7, 5), 3),
]


async def test_periods_follow_from_the_bindings_and_the_changes_that_took_effect(empty_url: str) -> None:
    engine = create_engine(empty_url)
    try:
        await migrate.upgrade(engine)
        await migrate.downgrade(engine, BEFORE)
        async with engine.begin() as connection:
            await connection.run_sync(_fill)
        await migrate.upgrade(engine)
        async with engine.connect() as connection:
            query = sa.text("SELECT workspace_id, from_day, method, cloud_account_id FROM payer_periods ORDER BY 1, 2")
            found = (await connection.execute(query.columns(from_day=sa.Date()))).all()
    finally:
        await engine.dispose()
    assert [tuple(row) for row in found] == [
        ("w1", date(2026, 7, 1), "enterprise", None),
        ("w1", date(2026, 7, 2), "aliyun", "c1"),
        ("w1", date(2026, 7, 5), "enterprise", None),
        ("w2", date(2026, 6, 30), "enterprise", None),
        ("w3", date(2026, 7, 4), "enterprise", None),
    ]


def _fill(connection: Connection) -> None:
    tables = sa.MetaData()
    tables.reflect(connection)

    def add(table: str, **values: Any) -> None:
        columns = tables.tables[table].columns
        for column in columns:
            if column.name not in values and not column.nullable:
                values[column.name] = _something(column)
        connection.execute(sa.insert(tables.tables[table]), values)

    add("fee_accounts", id="a1", currency="CNY", language="zh-CN")
    add("users", id="u1", language="zh-CN")
    for cloud in ("c1", "c2"):
        add("cloud_accounts", id=cloud, fee_account_id="a1", currency="CNY", state="live", instance=cloud)
    for workspace, site in WORKSPACES.items():
        add("workspaces", id=workspace, site=site, edition="commercial", language="zh-CN", created_at=OPENED)
        add("workspace_payers", workspace_id=workspace, fee_account_id="a1", method="enterprise", since=OPENED)
    upgraded = datetime(2026, 7, 4, 4, tzinfo=UTC)
    add("workspace_upgrades", workspace_id="w3", user_id="u1", fee_account_id="a1", upgraded_at=upgraded)
    for workspace, to, before, day, hour in CHANGES:
        add(
            "settlement_changes",
            id=f"{workspace}-{hour}",
            workspace_id=workspace,
            fee_account_id="a1",
            from_method="aliyun" if before else "enterprise",
            from_cloud_account_id=before,
            to_method="aliyun" if to else "enterprise",
            to_cloud_account_id=to,
            kind="forced",
            state="effective",
            effective_day=day,
            ended_at=datetime(2026, 7, 5, hour, tzinfo=UTC),
        )


def _something(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.DateTime):
        return OPENED
    if isinstance(column.type, sa.Boolean):
        return False
    if isinstance(column.type, sa.Integer):
        return 0
    if isinstance(column.type, sa.Date):
        return OPENED.date()
    return f"{column.table.name}-{column.name}"[:32]
