"""`portal bill close` and `status` on a database of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner, Result

from guance_portal.bootstrap import Services
from guance_portal.cli import app
from guance_portal.core.settings import Settings
from guance_portal.metering.items import Item
from tests.support.closes import Billed, billed


def portal(settings: Settings, *arguments: str) -> Result:
    """Run the command as somebody does who has these settings."""
    environment = {
        "PORTAL_DATABASE_URL": settings.effective_database_url,
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET_KEY": "k" * 40,
    }
    return CliRunner().invoke(app, arguments, env=environment)


async def run(settings: Settings, *arguments: str) -> Result:
    """The same from a test that has a loop."""
    with ThreadPoolExecutor(1) as thread:
        return await asyncio.get_running_loop().run_in_executor(thread, lambda: portal(settings, *arguments))


@pytest.fixture
async def here(services: Services) -> Billed:
    """A company that has used something on 1 July 2026, which the machine's clock has long left behind."""
    company = await billed(services)
    await company.use({Item.LOGS: 10_000_000})
    return company


async def test_close_makes_the_bills_of_days_that_have_ended_up_to_a_date(
    here: Billed, portal_settings: Settings
) -> None:
    done = await run(portal_settings, "bill", "close", "--date", "2026-07-02")
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "2 units closed, 2 bills made.")
    assert (await here.bill()).minor == 15_00
    again = await run(portal_settings, "bill", "close", "--date", "2026-07-02")
    assert again.output.splitlines()[0] == "0 units closed, 0 bills made."


async def test_status_names_who_is_held_back_and_why(here: Billed, portal_settings: Settings) -> None:
    await here.use({Item.BACKUP_LOGS: 1})
    await run(portal_settings, "bill", "close", "--date", "2026-07-01")
    found = await run(portal_settings, "bill", "status")
    assert found.exit_code == 1
    assert f"yunfan is held back from 2026-07-01 16:00 UTC on: not_priced ({here.workspace_id} backup_logs)." in (
        found.output
    )


async def test_a_date_that_is_none_is_refused(portal_settings: Settings) -> None:
    refused = await run(portal_settings, "bill", "close", "--date", "yesterday")
    assert refused.exit_code == 2
