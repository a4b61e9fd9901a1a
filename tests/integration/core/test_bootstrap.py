"""The services of a process: built once, replaceable, and patient with a database that is away."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from guance_portal import bootstrap
from guance_portal.bootstrap import Services
from guance_portal.core.actor import Realm
from guance_portal.core.settings import Settings


def test_a_process_has_one_set_of_services(services: Services) -> None:
    assert bootstrap.services() is bootstrap.services() is services


async def test_building_services_needs_no_database(tmp_path: Path) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": away, "secret_key": "k" * 40})
    services = bootstrap.build(settings)
    await services.close()


async def test_what_runs_beside_the_requests_outlives_a_database_that_is_away(tmp_path: Path) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": away, "secret_key": "k" * 40})
    services = bootstrap.build(settings)
    running = [asyncio.ensure_future(work()) for work in services.background()]
    _, alive = await asyncio.wait(running, timeout=0.5)
    for task in alive:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await services.close()
    assert len(alive) == len(running)


async def test_reset_links_lead_to_the_public_address(tmp_path: Path) -> None:
    public = Settings.model_validate({"data_dir": tmp_path, "public_url": "https://portal.example/"})
    built = bootstrap.build(public)
    address = built.passwords._tools.reset_address(Realm.FEE_CENTER, "token")
    assert address == "https://portal.example/fee-center/reset-password#token"
    await built.close()
