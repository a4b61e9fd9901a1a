"""Requests to the gateway, and what became of them."""

from __future__ import annotations

import httpx
from sqlalchemy import func, select

from guance_portal.core.rows import Row
from guance_portal.metering import queries
from guance_portal.metering.categories import Category
from guance_portal.metering.items import Item
from guance_portal.metering.queries import Traffic
from tests.integration.metering.conftest import Company, Portal

LIMIT = 10 * 1024 * 1024
"""Bytes that a body may have."""


async def send(
    client: httpx.AsyncClient, company: Company, category: str, body: bytes | str, **headers: str
) -> httpx.Response:
    """One request with the workspace's token."""
    return await client.post(
        f"/v1/write/{category}",
        params={"token": company.token},
        content=body,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def used(portal: Portal, company: Company) -> dict[Item, int]:
    """Today's counts of every item that has any."""
    today = await portal.services.usage.today(company.owner)
    return {use.item: use.used for use in today.items if use.used}


async def traffic(portal: Portal, company: Company) -> dict[Category, Traffic]:
    """Today's requests and points by category."""
    today = await portal.services.usage.today(company.owner)
    async with portal.services.database.reading() as work:
        return {row.category: row for row in await queries.traffic(work, company.workspace_id, today.day)}


async def rows(portal: Portal, table: type[Row]) -> int:
    """How many rows a table has."""
    async with portal.services.database.reading() as work:
        connection = await work.session.connection()
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()
