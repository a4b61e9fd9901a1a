#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with aiosqlite 0.22.1 on Python 3.11 or newer: a task that is cancelled while it waits for the first row
# of a query leaves the SQLite file locked, although its connection was closed and the engine was disposed of.
# SQLAlchemy closes the connection of a cancelled task without a rollback. Since Python 3.11 `sqlite3.Connection.close`
# leaves statements with rows left to a cursor that still lives (here in the traceback of the exception), and SQLite keeps
# the transaction of such a connection. Seen: other writers are refused until the garbage collector has come.
# A connection class whose `close` rolls back first prevents it. This script fails once the lock is gone with the connection.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sqlalchemy==2.1.9 greenlet==3.5.6 aiosqlite==0.22.1
cat > "$folder/look.py" <<'PYTHON'
import asyncio
import gc
import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

COUNTED = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000) SELECT max(x) FROM n"


def can_write(path: Path) -> bool:
    other = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


async def look(path: Path) -> tuple[bool, bool]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    async def read() -> None:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.execute(text(f"SELECT * FROM ({COUNTED}) UNION ALL SELECT 2"))

    task = asyncio.create_task(read())
    await asyncio.sleep(0.2)
    task.cancel()
    kept: BaseException | None = None
    try:
        await task
    except asyncio.CancelledError as cancelled:
        kept = cancelled
    await engine.dispose()
    await asyncio.sleep(2)
    before = can_write(path)
    del task, kept
    gc.collect()
    return before, can_write(path)


with tempfile.TemporaryDirectory() as place:
    before, after = asyncio.run(look(Path(place) / "a.sqlite3"))
print(f"another connection may write: {before} after the cancelled one was closed, {after} after a collection")
raise SystemExit(0 if (before, after) == (False, True) else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
