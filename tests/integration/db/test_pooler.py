"""The portal behind a real PgBouncer in transaction mode, where every transaction may get another connection."""

from __future__ import annotations

import ast
import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import guance_portal
from guance_portal import doctor
from guance_portal.core import migrate
from guance_portal.core.db import Database, create_engine
from guance_portal.core.postgresql import is_pooled
from guance_portal.core.readiness import Readiness
from tests.integration.mail.test_outbox import emails, queue_reset
from tests.support.databases import fresh_postgresql
from tests.support.own_pooler import pooled

ROOT = Path(guance_portal.__file__).parent
SESSION_BOUND = (
    "listen ",
    "notify ",
    "pg_advisory_lock",
    "set session",
    "create temp",
    "declare ",
    "prepare ",
    "discard ",
)
ROUNDS, TOGETHER = 25, 12


@pytest.fixture(scope="module")
def direct() -> Iterator[str]:
    """An empty database."""
    with fresh_postgresql() as url:
        yield url


@pytest.fixture(scope="module")
def through(direct: str) -> Iterator[str]:
    """Its address through the pooler, which has fewer connections than the portal opens."""
    with pooled(direct, connections=3) as url:
        yield url


@pytest.fixture
async def database(through: str) -> AsyncIterator[Database]:
    """The database, migrated through the pooler by two processes at once."""
    engines = [create_engine(through), create_engine(through)]
    await asyncio.gather(*(migrate.upgrade(engine) for engine in engines))
    database = Database(engines[0])
    yield database
    await database.close()
    await engines[1].dispose()


async def test_readiness_and_its_writes_are_well(database: Database) -> None:
    assert await Readiness(database.engine, "").problems() == {}


async def test_a_statement_may_be_repeated_on_every_connection(database: Database) -> None:
    """Five times the same, with no rollback between, is when the driver would prepare it."""

    async def visit(number: int) -> None:
        for turn in range(ROUNDS):
            async with database.writing() as work:
                await queue_reset(work, to=f"lin{number}@yunfan.example", idempotency_key=f"reset:{number}:{turn}")
                await work.commit()

    await asyncio.gather(*map(visit, range(TOGETHER)))
    assert len(await emails(database)) == ROUNDS * TOGETHER
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one() == 0


async def test_what_stands_between_decides_whether_statements_are_prepared(direct: str, through: str) -> None:
    for url, behind in ((direct, False), (through, True)):
        engine = create_engine(url)
        assert await is_pooled(engine) is behind
        await engine.dispose()


@pytest.mark.parametrize(
    ("way", "said"),
    [("direct", "reached directly: statements are prepared"), ("through", "behind a pooler: nothing is prepared")],
)
def test_doctor_says_which_is_in_force(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, said: str
) -> None:
    url: str = request.getfixturevalue(way)
    asyncio.run(_migrated(url))
    for name, value in (("DATABASE_URL", url), ("SECRET_KEY", secrets.token_hex(20)), ("DATA_DIR", str(tmp_path))):
        monkeypatch.setenv(f"PORTAL_{name}", value)
    [found] = [finding for finding in doctor.examine() if finding.subject == "database"]
    assert (found.is_well, found.state) == (True, f"PostgreSQL, up to date, {said}")


async def _migrated(url: str) -> None:
    engine = create_engine(url)
    await migrate.upgrade(engine)
    await engine.dispose()


def test_no_statement_is_bound_to_a_session() -> None:
    """What holds beyond its transaction is lost, or found by somebody else, behind a pooler."""
    found: list[str] = []
    for path in (*ROOT.rglob("*.py"), *(ROOT.parent / "migrations").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or _called(node) not in {"text", "execute"} or not node.args:
                continue
            if isinstance(argument := node.args[0], ast.Constant):
                said = str(argument.value).lower()
                found += [
                    f"{path.name}: {said}" for word in SESSION_BOUND if said.startswith(word) or f" {word}" in said
                ]
    assert not [one for one in found if "pragma" not in one]


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))
