"""What every command needs: the settings, services on the migrated database, and a way to give up in one line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import NoReturn

from guance_portal.bootstrap import Services
from guance_portal.core.errors import PortalError
from guance_portal.core.messages import text
from guance_portal.core.settings import Settings, SettingsError, read_settings


def with_services(act: Callable[[Services], Coroutine[None, None, str]]) -> str:
    """What an act answers that has the portal's services; a refusal or an outage ends the command."""
    settings = chosen_settings()

    from guance_portal import bootstrap
    from guance_portal.core import migrate, outages
    from guance_portal.core.db import UnusableDatabaseError

    async def run() -> str:
        services = bootstrap.build(settings)
        try:
            await migrate.upgrade(services.database.engine)
            return await act(services)
        finally:
            await services.close()

    try:
        return asyncio.run(run())
    except PortalError as problem:
        give_up(text(problem.code, **problem.params).en, 1)
    except UnusableDatabaseError as problem:
        give_up(f"the database {problem}", 1)
    except outages.FAILURES as problem:
        if not outages.is_outage(problem):
            raise
        give_up(f"nothing was done: the database or the data folder is {outages.reason(problem)}", 1)


def chosen_settings() -> Settings:
    """The settings; a bad one ends the command."""
    try:
        return read_settings()
    except SettingsError as problem:
        give_up(problem, 2)


def give_up(problem: Exception | str, code: int) -> NoReturn:
    """End the command with one line."""
    print(f"portal: {problem}", file=sys.stderr)
    raise SystemExit(code)
