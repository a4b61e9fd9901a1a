"""Complete registrations of 商业版 through the services, on PostgreSQL: code, three steps, workspace, mail."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

import pytest
import sqlalchemy
from sqlmodel import SQLModel, func

from benchmarks.figure import Figure, at_most
from guance_portal import bootstrap
from guance_portal.accounts.tables import User, Workspace
from guance_portal.bootstrap import Services
from guance_portal.core import migrate
from guance_portal.core.settings import Settings
from guance_portal.payers.tables import FeeAccount, WorkspacePayer
from tests.support.databases import fresh_postgresql
from tests.support.sign_up import complete_many

PEOPLE, AT_ONCE = 200, 20


def measure() -> Iterator[Figure]:
    """How many a second, how long one takes, and that everybody got exactly one of everything."""
    try:
        with fresh_postgresql() as url, tempfile.TemporaryDirectory() as folder:
            seconds, took, missing = asyncio.run(_run(url, Path(folder)))
    except pytest.skip.Exception as absent:
        print(f"sign_up: {absent}", file=sys.stderr)
        return
    cuts = quantiles(took, n=100)
    yield Figure(
        figure="sign_up.missing_or_twice",
        value=missing,
        unit=f"rows, {PEOPLE} people, {AT_ONCE} at a time",
        aim=at_most(0),
    )
    yield Figure(figure="sign_up.rate", value=PEOPLE / seconds, unit="registrations a second")
    yield Figure(figure="sign_up.p50", value=cuts[49] * 1000, unit="ms")
    yield Figure(figure="sign_up.p95", value=cuts[94] * 1000, unit="ms")


async def _run(url: str, folder: Path) -> tuple[float, list[float], int]:
    settings = Settings.model_validate({"data_dir": folder, "database_url": url, "secret_key": "k" * 40})
    services = bootstrap.build(settings)
    try:
        await migrate.upgrade(services.database.engine)
        started = time.perf_counter()
        took = await complete_many(services, PEOPLE, at_once=AT_ONCE)
        return time.perf_counter() - started, took, await _missing(services)
    finally:
        await services.close()


async def _missing(services: Services) -> int:
    """How far the rows are from one of each a person."""
    tables: tuple[type[SQLModel], ...] = (User, FeeAccount, Workspace, WorkspacePayer)
    async with services.database.reading() as work:
        connection = await work.session.connection()
        counts = [
            (await connection.execute(sqlalchemy.select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]
    return sum(abs(count - PEOPLE) for count in counts)
