"""A database of each kind, migrated, for every test its own; and the services of the portal on it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from guance_portal import bootstrap
from guance_portal.bootstrap import Services, building
from guance_portal.core import db, migrate
from guance_portal.core.db import Database, create_engine
from guance_portal.core.settings import Settings
from tests.support.clocks import MovableClock
from tests.support.databases import delete_all_rows, fresh_postgresql
from tests.support.hashes import quick_hashes


class TogetherWithTheirServer(LoadFileScheduling):
    """Tests go to processes by file; those of a folder that shares a server go together, so that it starts once."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        folder = path.rpartition("/")[0]
        return folder if folder.endswith(("/sandbox", "/serve", "/socket")) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherWithTheirServer:
    """How the tests are dealt out."""
    return TogetherWithTheirServer(config, log)


@pytest.fixture(autouse=True, scope="session")
def _engines_that_remember() -> Iterator[None]:
    """One engine for each address and process: it keeps the statements it has compiled, a sixth of what a test costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "create_engine", cache(create_engine))
        patch.setattr(db, "reading_engine", cache(db.reading_engine))
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database without rows."""
    if request.param == "sqlite":
        template = request.getfixturevalue("_sqlite_template")
        path = template.with_name("portal.sqlite3")
        shutil.copyfile(template, path)
        yield f"sqlite+aiosqlite:///{path}"
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
    else:
        url = request.getfixturevalue("_postgresql_url")
        yield url
        delete_all_rows(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    database = Database(building.create_engine(database_url))
    yield database
    await database.close()


@pytest.fixture
def portal_settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a portal on this database."""
    return Settings.model_validate({"data_dir": tmp_path, "database_url": database_url, "secret_key": "k" * 40})


@pytest.fixture
async def services(portal_settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    """The portal's services on a database of their own, with a clock that can be moved."""
    services = bootstrap.build(portal_settings, clock=clock, hashes=quick_hashes())
    bootstrap.replace_services(services)
    yield services
    bootstrap.replace_services(None)
    await services.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("databases") / "template.sqlite3"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgresql_url() -> Iterator[str]:
    with fresh_postgresql() as url:
        _migrate(url)
        yield url


def _migrate(url: str) -> None:
    async def upgrade() -> None:
        engine = create_engine(url)
        await migrate.upgrade(engine)
        await engine.dispose()

    # A thread of its own: pytest's has a loop that asyncio.run would take away.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, upgrade()).result()
