"""A PgBouncer of a test's own, in transaction mode, in front of any PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests.support.databases import unavailable
from tests.support.portal_server import free_port
from tools import pooler

_PATIENCE = 20.0
_SETTINGS = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
"""


@contextmanager
def pooled(url: str, *, connections: int = 4) -> Generator[str]:
    """The address of the same database through the pooler, which holds a few connections for all who come."""
    program, direct = pooler.find(), make_url(url)
    if program is None:
        unavailable("PgBouncer")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-pooler-") as folder:
        settings = Path(folder) / "pgbouncer.ini"
        server = {"host": direct.host, "port": direct.port or 5432, "user": direct.username}
        settings.write_text(_SETTINGS.format(**server, own_port=port, connections=connections))
        process = subprocess.Popen(
            [program, "-q", settings],
            env=os.environ | pooler.environment(),
            user=_user(folder),
            stderr=subprocess.DEVNULL,
        )
        through = direct.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        try:
            _wait(through.replace("+psycopg", ""), process)
            yield through
        finally:
            process.kill()
            process.wait()


def _user(folder: str) -> str | None:
    """PgBouncer refuses to run as root."""
    if os.geteuid() != 0:
        return None
    name = next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"}), None)
    if name is None:
        unavailable("a user for PgBouncer")
    shutil.chown(folder, name)
    return name


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert process.poll() is None, "PgBouncer has ended"
            assert time.monotonic() < deadline, "PgBouncer does not answer"
            time.sleep(0.05)
        else:
            return
