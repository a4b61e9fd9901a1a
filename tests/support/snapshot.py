"""What stands in a portal's database, line by line, to see that nothing of it changed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing

from tests.support.portal_server import PortalServer

_EMAILS_LEAVE_WITHIN = 20.0


def dump(server: PortalServer) -> set[str]:
    """Every row of the database, with its table's name, and the schema.

    While the portal runs, once no email is on its way.
    """
    does_run, deadline = server.is_ready(), time.monotonic() + _EMAILS_LEAVE_WITHIN
    with closing(sqlite3.connect(f"file:{server.data_dir / 'portal.sqlite3'}?mode=ro", uri=True)) as database:
        while does_run and database.execute("SELECT 1 FROM emails WHERE status = 'queued'").fetchone():
            assert time.monotonic() < deadline, "an email does not leave"
            time.sleep(0.05)
        database.execute("BEGIN")  # all tables at one moment
        schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        tables = [name for kind, name, _ in schema if kind == "table"]
        rows = {f"{table}: {row}" for table in tables for row in database.execute(f'SELECT * FROM "{table}"')}  # noqa: S608 - names of our own schema
        return rows | {str(sql) for _, _, sql in schema}


def without(lines: set[str], markers: Iterable[str]) -> set[str]:
    """The lines that name nothing of this."""
    marks = [mark for mark in markers if mark]
    return {line for line in lines if not any(mark in line for mark in marks)}


def naming(lines: set[str], markers: Iterable[str]) -> set[str]:
    """The lines that name something of this."""
    return lines - without(lines, markers)
